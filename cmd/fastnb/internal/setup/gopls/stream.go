package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync"
)

// message is one of JSON-RPC: a request has an ID and a Method, a notification a Method, a response an ID.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// newMessage makes a notification, or with an id a request.
func newMessage(id, method string, params any) message {
	content, err := json.Marshal(params)
	if err != nil {
		panic(err) // params are ours
	}
	return message{ID: json.RawMessage(id), Method: method, Params: content}
}

// stream carries messages, each behind a header with its length, as the Language Server Protocol has it.
type stream struct {
	mu  sync.Mutex // of out
	out io.Writer
	in  *bufio.Reader
}

func newStream(out io.Writer, in io.Reader) *stream {
	return &stream{out: out, in: bufio.NewReader(in)}
}

func (s *stream) read() (m message, err error) {
	header, err := textproto.NewReader(s.in).ReadMIMEHeader()
	if err != nil {
		return m, err
	}
	n, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || n < 0 {
		return m, fmt.Errorf("a message of length %q", header.Get("Content-Length"))
	}
	content := make([]byte, n)
	if _, err := io.ReadFull(s.in, content); err != nil {
		return m, err
	}
	return m, json.Unmarshal(content, &m)
}

func (s *stream) write(m message) error {
	m.Version = "2.0"
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = fmt.Fprintf(s.out, "Content-Length: %d\r\n\r\n%s", len(content), content)
	return err
}
