package serve_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/gif"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// What is hostile is refused, whatever comes beside it is answered rightly, and when it is over nothing of it is left:
// no goroutine, no memory, no connection.
func TestHostile(t *testing.T) {
	l := sharedPhotos(t)
	s := start(t, imageModel(t), serve.ReadTimeout(2*time.Second))
	file := photoFile(t, true, 1)
	want, err := l.PredictImages(file)
	check(t, err)
	c := client(t)
	right := func(after string) {
		t.Helper()
		r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file))
		if r.status != 200 {
			t.Fatalf("after %s: %d %s", after, r.status, r.text)
		}
		near(t, "after "+after, r.Predictions[0], want, 0)
	}
	right("nothing")
	c.CloseIdleConnections()
	goroutines, heap := runtime.NumGoroutine(), heapSize()
	for _, attack := range []struct {
		name string
		run  func(*testing.T, *server)
	}{
		{"100 MB", upload100MB}, {"100 MB of unknown length", upload100MBChunked}, {"huge headers", hugeHeaders},
		{"50,000 x 50,000 pixels", hugePixels}, {"damaged images", damagedImages}, {"slow senders", slowSenders},
		{"clients that leave", leavingClients}, {"thousands of requests", thousands}, {"nonsense", nonsense},
	} {
		t.Run(attack.name, func(t *testing.T) { attack.run(t, s) })
		right(attack.name)
	}
	c.CloseIdleConnections()
	await(t, "no more goroutines than before", func() bool { return runtime.NumGoroutine() <= goroutines+2 })
	if now := heapSize(); now > heap+32<<20 {
		t.Errorf("the heap is %d MB, it was %d", now>>20, heap>>20)
	}
}

func heapSize() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// zeros is a body without end.
type zeros struct{ sent int64 }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.sent += int64(len(p))
	return len(p), nil
}

// refusedUpload sends a body, of which the server reads no more than it takes.
func refusedUpload(t *testing.T, s *server, length int64) {
	z := &zeros{}
	req, err := http.NewRequest("POST", s.url+"/predict", io.LimitReader(z, 100<<20))
	check(t, err)
	req.Header.Set("Content-Type", "image/png")
	req.ContentLength = length
	c := client(t)
	resp, err := c.Do(req)
	if err == nil { // else the connection was closed while it was sent
		defer resp.Body.Close()
		if resp.StatusCode != 413 {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	if z.sent > 50<<20 {
		t.Errorf("%d MB were sent", z.sent>>20)
	}
}

func upload100MB(t *testing.T, s *server)        { refusedUpload(t, s, 100<<20) }
func upload100MBChunked(t *testing.T, s *server) { refusedUpload(t, s, -1) }

func hugeHeaders(t *testing.T, s *server) {
	r, err := sent(client(t), "GET", s.url+"/", "", nil, "X-Long", strings.Repeat("a", 1<<20))
	if err == nil && r.status != 431 {
		t.Errorf("status %d", r.status)
	}
}

// headerOfPNG is the beginning of a PNG of that size, rightly summed, without pixels.
func headerOfPNG(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

func hugePixels(t *testing.T, s *server) {
	before := heapSize()
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			r, err := sent(client(t), "POST", s.url+"/predict", "image/png", bytes.NewReader(headerOfPNG(50_000, 50_000)))
			if err != nil || r.status != 413 || !strings.Contains(r.Error, "50000 x 50000 pixels (at most 50000000 in all)") {
				t.Errorf("%d %s, %v", r.status, r.text, err)
			}
		})
	}
	clients.Wait()
	if now := heapSize(); now > before+16<<20 {
		t.Errorf("the heap grew from %d MB to %d", before>>20, now>>20)
	}
}

// damagedImages sends images of three formats of which bytes were changed, and cut ones.
func damagedImages(t *testing.T, s *server) {
	img := photo(true, 9)
	var asJPEG, asGIF bytes.Buffer
	check(t, jpeg.Encode(&asJPEG, img, nil))
	check(t, gif.Encode(&asGIF, img, nil))
	r, c := rand.New(rand.NewPCG(1, 2)), client(t)
	counts := map[int]int{}
	for i := range 300 {
		whole := [][]byte{pngOf(t, img), asJPEG.Bytes(), asGIF.Bytes()}[i%3]
		file := bytes.Clone(whole)
		for range 1 + r.IntN(8) {
			file[r.IntN(len(file))] = byte(r.IntN(256))
		}
		if i%5 == 0 {
			file = file[:r.IntN(len(file))]
		}
		got := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file))
		if counts[got.status]++; got.status != 200 && got.status != 422 && got.status != 413 && got.status != 400 {
			t.Errorf("%d %s", got.status, got.text)
		}
	}
	if counts[200] == 0 || counts[422] < 50 {
		t.Errorf("statuses %v: want some images that are read and many that are not", counts)
	}
}

// slowSenders begin requests and don't end them: in the head, and in the body.
func slowSenders(t *testing.T, s *server) {
	const head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n"
	var senders sync.WaitGroup
	for i := range 40 {
		senders.Go(func() {
			conn, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			text := head
			if i%2 == 0 {
				text += "\r\n\x89PNG"
			}
			_, _ = io.WriteString(conn, text)
			began, answer := time.Now(), make(chan string, 1)
			go func() {
				all, _ := io.ReadAll(conn)
				answer <- string(all)
			}()
			for range 600 {
				select {
				case said := <-answer:
					if i%2 == 0 && !strings.HasPrefix(said, "HTTP/1.1 408") || time.Since(began) > 30*time.Second {
						t.Errorf("after %v: %q", time.Since(began), said)
					}
					return
				case <-time.After(100 * time.Millisecond):
					_, _ = io.WriteString(conn, "a")
				}
			}
			t.Error("it is not cut off")
		})
	}
	senders.Wait()
}

// leavingClients go before they have their answers.
func leavingClients(t *testing.T, s *server) {
	c, file := client(t), photoFile(t, false, 4)
	var clients sync.WaitGroup
	for i := range 100 {
		clients.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%20)*time.Millisecond)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, "POST", s.url+"/predict", bytes.NewReader(file))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Content-Type", "image/png")
			if resp, err := c.Do(req); err == nil {
				resp.Body.Close()
			}
		})
	}
	clients.Wait()
	await(t, "nothing that waits", func() bool {
		return strings.Contains(send(t, c, "GET", s.url+"/metrics", "", nil).text, "fastnb_items_waiting 0\n")
	})
}

func thousands(t *testing.T, s *server) {
	c := client(t)
	var clients sync.WaitGroup
	for k := range 8 {
		clients.Go(func() {
			for i := range 500 {
				body := fmt.Sprint("no image ", k, i)
				if r, err := sent(c, "POST", s.url+"/predict", "image/png", strings.NewReader(body)); err != nil || r.status != 422 {
					t.Errorf("%d %s, %v", r.status, r.text, err)
					return
				}
			}
		})
	}
	clients.Wait()
}

// JSON that would become many times as large is refused by its length, and an error does not repeat all that was sent.
func TestLongTexts(t *testing.T) {
	s, c := start(t, serve.Rows(plants(t, tabular.Class("sun")), columns)), client(t)
	many := "[" + strings.Repeat("{},", 5<<20/3) + "{}]"
	if r, err := sent(c, "POST", s.url+"/predict", "application/json", strings.NewReader(many)); err == nil && r.status != 413 {
		t.Errorf("5 MB of rows: %d %.200s", r.status, r.text)
	}
	heap, few := heapSize(), "["+strings.Repeat("{},", 1<<20)+"{}]"
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			r, err := sent(c, "POST", s.url+"/predict", "application/json", strings.NewReader(few))
			if err != nil || r.status != 413 && r.status != 503 {
				t.Errorf("a million rows: %d %.200s, %v", r.status, r.text, err)
			}
		})
	}
	clients.Wait()
	if now := heapSize(); now > heap+32<<20 {
		t.Errorf("the heap is %d MB, it was %d", now>>20, heap>>20)
	}
	r := send(t, c, "POST", s.url+"/predict", "application/json", strings.NewReader(`{"`+strings.Repeat("a", 1<<20)+`": 1}`))
	if r.status != 422 || len(r.text) > 3000 {
		t.Errorf("%d, %d bytes of error", r.status, len(r.text))
	}
	r = send(t, c, "POST", s.url+"/predict", "application/json", strings.NewReader(`{"kind": "rose"}`))
	if r.status != 200 {
		t.Errorf("afterwards: %d %s", r.status, r.text)
	}
}

// nonsense sends what is no HTTP, and what is barely.
func nonsense(t *testing.T, s *server) {
	for _, text := range []string{
		"\x16\x03\x01\x02\x00\x01\x00", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST /predict HTTP/1.1\r\n\r\n",
		"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nab",
		"GET http://evil.example.org/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", s.addr)
		check(t, err)
		_, err = io.WriteString(conn, text)
		check(t, err)
		check(t, conn.(*net.TCPConn).CloseWrite())
		said, _ := io.ReadAll(conn)
		conn.Close()
		if len(said) > 0 && !bytes.HasPrefix(said, []byte("HTTP/1.1 4")) && !bytes.HasPrefix(said, []byte("HTTP/1.1 505")) {
			t.Errorf("to %q it says %q", text, said)
		}
	}
}
