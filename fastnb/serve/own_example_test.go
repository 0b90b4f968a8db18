package serve_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/serve"
)

// shouts is a model of one's own: it tells a text that shouts.
type shouts struct{}

func (shouts) About() serve.About {
	return serve.About{Kind: serve.Text, Classes: []string{"calm", "loud"}}
}

func (shouts) Prepare(item any) (any, error) {
	if text := strings.TrimSpace(item.(string)); text != "" {
		return text, nil
	}
	return nil, &serve.ItemError{Err: fmt.Errorf("the text is blank")}
}

func (shouts) Predict(items []any) ([]serve.Prediction, error) {
	all := make([]serve.Prediction, len(items))
	for i, x := range items {
		loud := float32(strings.Count(x.(string), "!")) / 4
		all[i].Top = []serve.Choice{{Class: "calm", Prob: 1 - loud}, {Class: "loud", Prob: loud}}
		all[i] = all[i].Labelled()
	}
	return all, nil
}

// A model of one's own, asked over HTTP. The options are those of a server that has little memory.
func ExampleNew() {
	var m serve.Model = shouts{}
	var opts []serve.Option = []serve.Option{
		serve.Name("shouts"), serve.Classes("calm", "loud"), serve.BatchSize(4), serve.BatchWait(time.Millisecond), serve.Queue(16), serve.MaxItems(4),
		serve.MaxBody(1 << 20), serve.MaxPixels(10e6), serve.Timeout(time.Second), serve.ReadTimeout(5 * time.Second),
		serve.Hosts("models.example.org"), serve.Log(func(format string, args ...any) { fmt.Printf(format+"\n", args...) }),
	}
	h := nb.Must(serve.New(m, opts...))
	l := nb.Must(net.Listen("tcp", "127.0.0.1:0"))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- h.Serve(ctx, l) }()

	body := bytes.NewReader([]byte(`{"texts": ["Well.", "Well!!!"]}`))
	resp := nb.Must(http.Post("http://"+l.Addr().String()+"/predict?top=1", "application/json", body))
	fmt.Println(resp.Status)
	fmt.Print(string(nb.Must(io.ReadAll(resp.Body))))
	resp.Body.Close()
	stop()
	fmt.Println(<-ended, h.Close())
	// Output:
	// 200 OK
	// {"predictions":[{"labels":["calm"],"top":[{"class":"calm","prob":1}]},{"labels":["loud"],"top":[{"class":"calm","prob":0.25}]}]}
	// <nil> <nil>
}
