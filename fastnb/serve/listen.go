package serve

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/fastnb/fastnb/internal/verb"
)

// headTimeout is how long the head of a request may take, and headBytes how long it may be.
const (
	headTimeout = 5 * time.Second
	headBytes   = 16 << 10
	idleTimeout = time.Minute
)

// Serve answers what comes in at l until ctx is done, and then what it has by then; connections that are idle are
// closed. It closes l and the handler. Who sends or reads slowly is cut off; see ReadTimeout.
func (h *Handler) Serve(ctx context.Context, l net.Listener) (err error) {
	defer verb.Name(&err, "serve: Serve")
	longest := h.config.readTimeout + h.config.timeout + headTimeout
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: min(headTimeout, h.config.readTimeout), ReadTimeout: h.config.readTimeout,
		WriteTimeout: longest, IdleTimeout: idleTimeout, MaxHeaderBytes: headBytes,
		ErrorLog: log.New(logWriter(h.config.log), "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err = <-ended: // the listener failed
	case <-ctx.Done():
		h.ending.Store(true)
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
		defer cancel()
		if err = s.Shutdown(wait); err != nil {
			err = errors.Join(err, s.Close())
		}
	}
	return errors.Join(err, h.Close())
}

// logWriter writes the lines of a logger.
type logWriter func(format string, args ...any)

func (w logWriter) Write(line []byte) (int, error) {
	w("%s", strings.TrimRight(string(line), "\n"))
	return len(line), nil
}
