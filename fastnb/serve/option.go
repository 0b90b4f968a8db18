package serve

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Option is an option of [New].
type Option interface{ server(*config) }

type option func(*config)

func (o option) server(c *config) { o(c) }

// Name is what the page calls the model. Default "model".
func Name(name string) Option { return option(func(c *config) { c.name = name }) }

// Classes are those of the model, for who asks GET /model. Default: those that Model.About tells, which are none of
// [Images], [Texts] and [Rows].
func Classes(names ...string) Option { return option(func(c *config) { c.classes = names }) }

// BatchSize is how many items are predicted at once, at most. Default 8.
func BatchSize(items int) Option { return option(func(c *config) { c.batchSize = items }) }

// BatchWait is how long an item waits for others that are on their way, to be predicted together. One that comes alone
// does not wait. Default 5 ms.
func BatchWait(d time.Duration) Option { return option(func(c *config) { c.batchWait = d }) }

// Queue is how many items may be on their way; more are refused with 503 and Retry-After. Default 256.
func Queue(items int) Option { return option(func(c *config) { c.queue = items }) }

// MaxBody is how many bytes a request may have, an eighth of them where the model takes no images. Default 32 MiB. All
// requests together may hold eight times that.
func MaxBody(bytes int64) Option { return option(func(c *config) { c.maxBody = bytes }) }

// MaxPixels is how many pixels an image may have, which is told before it is decoded; so many are decoded at once, in
// one image or in several. Default 50 million, for which decoding takes up to half a gigabyte.
func MaxPixels(n int) Option { return option(func(c *config) { c.maxPixels = n }) }

// MaxItems is how many images, texts or rows a request may have. Default 64.
func MaxItems(n int) Option { return option(func(c *config) { c.maxItems = n }) }

// Timeout is how long a request is worked at, from when it was read; then it is refused with 503. Default 30 s.
func Timeout(d time.Duration) Option { return option(func(c *config) { c.timeout = d }) }

// ReadTimeout is how long [Handler.Serve] waits for a request to arrive, the body included. Its head must come within 5
// seconds, or within this time if that is less. Default 30 s.
func ReadTimeout(d time.Duration) Option { return option(func(c *config) { c.readTimeout = d }) }

// Hosts are names under which the server is reached, besides localhost and IP addresses. Requests for other names are
// refused with 403: a web page could make its own name that of this machine, and read what the server answers. "*" is
// any name, for a server behind a proxy that checks it.
func Hosts(names ...string) Option {
	return option(func(c *config) { c.hosts = append(c.hosts, names...) })
}

// Log sets what is told of errors that are not those of who asked. Default: nothing.
func Log(printf func(format string, args ...any)) Option {
	return option(func(c *config) { c.log = printf })
}

type config struct {
	name                            string
	batchSize, queue                int
	maxPixels, maxItems             int
	maxBody                         int64
	batchWait, timeout, readTimeout time.Duration
	hosts, classes                  []string
	log                             func(format string, args ...any)
}

func newConfig(opts []Option) (config, error) {
	c := config{
		name: "model", batchSize: 8, queue: 256, maxPixels: 50e6, maxItems: 64, maxBody: 32 << 20,
		batchWait: 5 * time.Millisecond, timeout: 30 * time.Second, readTimeout: 30 * time.Second,
		log: func(string, ...any) {},
	}
	for _, o := range opts {
		if o == nil {
			return c, errors.New("an option is nil; leave it out")
		}
		o.server(&c)
	}
	return c, c.check()
}

func (c config) check() error {
	for name, n := range map[string]int64{
		"BatchSize": int64(c.batchSize), "Queue": int64(c.queue), "MaxPixels": int64(c.maxPixels),
		"MaxItems": int64(c.maxItems), "MaxBody": c.maxBody,
	} {
		if n < 1 {
			return fmt.Errorf("%s(%d) (want 1 or more)", name, n)
		}
	}
	for name, d := range map[string]time.Duration{"Timeout": c.timeout, "ReadTimeout": c.readTimeout} {
		if d <= 0 {
			return fmt.Errorf("%s(%v) (want a time above 0)", name, d)
		}
	}
	switch {
	case c.batchWait < 0:
		return fmt.Errorf("BatchWait(%v) (want 0 or more)", c.batchWait)
	case c.log == nil:
		return errors.New("Log(nil); leave it out for none")
	case c.maxItems > c.queue:
		return fmt.Errorf("MaxItems(%d) with Queue(%d): such a request would never be taken (want a longer queue)",
			c.maxItems, c.queue)
	}
	for _, h := range c.hosts {
		if h == "" || strings.ContainsAny(h, "/ ") || strings.Contains(h, "://") {
			return fmt.Errorf("Hosts(%q) (want a name alone, such as models.example.org)", h)
		}
	}
	return nil
}
