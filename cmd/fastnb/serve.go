package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/modelfile"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/serve"
)

type serveOptions struct {
	modelfile.Options
	addr, hosts      string
	wait, timeout    time.Duration
	queue, maxPixels int
	maxMB            int64
}

// serveModel serves a saved model until ctx ends, by ctrl-C or SIGTERM.
func serveModel(ctx context.Context, args []string) error {
	var o serveOptions
	rest, err := parse("serve", "[-addr HOST:PORT] MODEL", args, 1, func(f *flag.FlagSet) {
		f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "where to listen; with any but the loopback address, other machines "+
			"reach the server, which asks for no password; port 0 is a free one")
		f.StringVar(&o.hosts, "host", "", "names under which the server is reached besides localhost and IP "+
			"addresses, with commas between; * for any")
		f.IntVar(&o.BatchSize, "batch", 8, "items that are predicted together, at most")
		f.DurationVar(&o.wait, "wait", 5*time.Millisecond, "how long an item waits for others that are on their way")
		f.IntVar(&o.queue, "queue", 256, "items on their way, at most; more are refused with 503")
		f.Int64Var(&o.maxMB, "max-mb", 32, "megabytes of a request, at most")
		f.IntVar(&o.maxPixels, "max-pixels", 50e6, "pixels of an image, at most; the default takes up to half a gigabyte")
		f.DurationVar(&o.timeout, "timeout", 30*time.Second, "how long a request may take to arrive, "+
			"and how long it is worked at")
		f.StringVar(&o.Tokenizer, "tokenizer", "", tokenizerUse)
	})
	if err != nil {
		return err
	}
	return wrapped("serve", o.serve(ctx, rest[0]))
}

func (o serveOptions) serve(ctx context.Context, path string) error {
	if o.BatchSize < 1 {
		return fmt.Errorf("-batch %d (want 1 or more)", o.BatchSize)
	}
	if _, err := modelfile.Read(path); err != nil { // before the port is taken
		return err
	}
	l, err := net.Listen("tcp", o.addr) // before the engine is opened
	if err != nil {
		return fmt.Errorf("-addr %s: %w (want HOST:PORT, such as 127.0.0.1:8080, that no other program listens at)",
			o.addr, err)
	}
	defer l.Close()
	m, err := modelfile.Open(path, o.Options)
	if err != nil {
		return err
	}
	h, err := serve.New(m.Server(), append(o.options(path), serve.Classes(m.Classes...))...)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := m.Warm(o.BatchSize); err != nil {
		return err
	}
	fmt.Printf("serving %s at http://%s (ctrl-C stops it)\n", path, l.Addr())
	return h.Serve(ctx, l)
}

func (o serveOptions) options(path string) []serve.Option {
	opts := []serve.Option{
		serve.Name(strings.TrimSuffix(filepath.Base(path), safetensors.Ext)), serve.BatchSize(o.BatchSize),
		serve.BatchWait(o.wait), serve.Queue(o.queue), serve.MaxBody(o.maxMB << 20), serve.MaxPixels(o.maxPixels),
		serve.Timeout(o.timeout), serve.ReadTimeout(o.timeout), serve.MaxItems(min(64, max(1, o.queue))),
		serve.Log(func(format string, args ...any) {
			fmt.Fprintln(os.Stderr, time.Now().Format(time.DateTime), fmt.Sprintf(format, args...))
		}),
	}
	for host := range strings.SplitSeq(o.hosts, ",") {
		if host = strings.TrimSpace(host); host != "" {
			opts = append(opts, serve.Hosts(host))
		}
	}
	return opts
}
