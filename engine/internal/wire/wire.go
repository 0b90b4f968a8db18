// Package wire is what a cell and the resident engine say to each other over a Unix socket: frames that hold one
// message each, in CBOR (RFC 8949), and descriptors of shared memory beside them.
//
// A frame is the length of its message, four bytes with the highest first, and the message. The client sends Requests,
// the engine Replies. A Reply bears the Seq of the Request that it answers; a Request whose Seq is 0 gets none, and
// what goes wrong with it is told when its result is used.
//
// These frames are written by hand because net/rpc passes no descriptors, and its encoding, gob, is not made for what a
// stranger may send; gRPC would do, but each cell would link it, and a cell is built anew every time that it runs.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/fxamacker/cbor/v2"
)

// Version is the version of the protocol. Client and engine must agree on it.
const Version = 1

// MaxFrame bounds a frame, in bytes: larger ones end the connection. Tensors travel in shared memory where there is
// some, so that only a program's constants are ever large.
const MaxFrame = 1 << 30

// Verb says what a Request asks for.
type Verb uint8

const (
	Hello   Verb = iota + 1 // Version, Owner, Holder: who are you? -> Engine; the same in every version
	Compile                 // Key, Program, Name: make this program ready -> Found (Program may be left out, to ask)
	Put                     // Buffer, Shape, Data or Arena: keep this tensor
	Get                     // Buffer, Arena: give its values -> Data, or written into the arena
	Free                    // Buffers: forget these
	Run                     // Key, Buffers, Donate, Outputs: run the program -> Scalars
	Keep                    // Buffer, Name: keep this beyond the connection
	Recall                  // Buffer, Name: let Buffer be what was kept -> Found, Shape
	Share                   // Arena, Size, with a descriptor: memory that both can write
	Status                  // -> Status
	Release                 // forget what no connection uses
	Stop                    // Idle, Name: end the engine -> Found, that it ends, else Status; the same in every version
)

// Request is what a client asks. Which fields count is told beside each Verb.
type Request struct {
	Seq     uint64   `cbor:"1,keyasint,omitempty"`
	Verb    Verb     `cbor:"2,keyasint"`
	Version int      `cbor:"3,keyasint,omitempty"`
	Idle    bool     `cbor:"4,keyasint,omitempty"` // only if nobody else is connected or holds the engine
	Key     []byte   `cbor:"5,keyasint,omitempty"` // of a program: the SHA-256 of its record
	Program []byte   `cbor:"6,keyasint,omitempty"`
	Buffer  uint64   `cbor:"7,keyasint,omitempty"` // buffers are numbered by the client
	Shape   *Shape   `cbor:"8,keyasint,omitempty"`
	Data    []byte   `cbor:"9,keyasint,omitempty"`
	Arena   uint64   `cbor:"10,keyasint,omitempty"` // numbered by the client, from 1; 0 is none
	Size    int64    `cbor:"11,keyasint,omitempty"`
	Buffers []uint64 `cbor:"12,keyasint,omitempty"`
	Donate  []bool   `cbor:"13,keyasint,omitempty"`
	Outputs []uint64 `cbor:"14,keyasint,omitempty"`
	Name    string   `cbor:"15,keyasint,omitempty"`
	Owner   string   `cbor:"16,keyasint,omitempty"` // who connects, for Status
	Holder  *Holder  `cbor:"17,keyasint,omitempty"` // for whom
}

// Holder is a process that holds the engine from when a connection names it until it ends: the kernel of a notebook,
// whose cells connect one after another.
type Holder struct {
	PID     int    `cbor:"1,keyasint"`
	Name    string `cbor:"2,keyasint"` // of the notebook
	Program string `cbor:"3,keyasint"` // that serves its cells as engine; Stop with this Name does not ask it
}

// Reply is an answer. One whose Seq is 0 answers nothing: its Error says why the engine is about to end.
type Reply struct {
	Seq     uint64      `cbor:"1,keyasint,omitempty"`
	Error   string      `cbor:"2,keyasint,omitempty"`
	Found   bool        `cbor:"3,keyasint,omitempty"`
	Data    []byte      `cbor:"4,keyasint,omitempty"`
	Shape   *Shape      `cbor:"5,keyasint,omitempty"`
	Engine  *Engine     `cbor:"6,keyasint,omitempty"`
	Status  *StatusInfo `cbor:"7,keyasint,omitempty"`
	Scalars []Scalar    `cbor:"8,keyasint,omitempty"`
}

// Scalar is the value of an output of Run that is a single number: most are wanted at once, a loss for instance.
type Scalar struct {
	_      struct{} `cbor:",toarray"`
	Output int
	Data   []byte
}

// Engine describes an engine to its clients.
type Engine struct {
	Version     int      `cbor:"1,keyasint"`
	Build       string   `cbor:"2,keyasint"`
	PID         int      `cbor:"3,keyasint"`
	Name        string   `cbor:"4,keyasint"` // of the real backend
	Description string   `cbor:"5,keyasint"`
	Devices     []string `cbor:"6,keyasint"`
	Operations  []int    `cbor:"7,keyasint"`
	DTypes      []int    `cbor:"8,keyasint"`
	Functions   bool     `cbor:"9,keyasint"`
	Lacks       []string `cbor:"10,keyasint"` // methods of compute.Function that are not implemented
}

// Shape is a tensor's type and dimensions.
type Shape struct {
	_     struct{} `cbor:",toarray"`
	DType int
	Dims  []int
}

// StatusInfo is what an engine holds.
type StatusInfo struct {
	Engine   *Engine         `cbor:"1,keyasint"`
	Seconds  float64         `cbor:"2,keyasint"` // since the engine began
	Clients  []ClientStatus  `cbor:"3,keyasint"`
	Programs []ProgramStatus `cbor:"4,keyasint"`
	Kept     []KeptStatus    `cbor:"5,keyasint"`
	Memory   int64           `cbor:"6,keyasint"` // bytes of the process that are in memory, 0 where not known
	Holders  []HolderStatus  `cbor:"7,keyasint"`
}

// HolderStatus is a process that holds the engine.
type HolderStatus struct {
	Holder  Holder  `cbor:"1,keyasint"`
	Seconds float64 `cbor:"2,keyasint"` // since it first did
}

// ClientStatus is one connection.
type ClientStatus struct {
	Owner    string  `cbor:"1,keyasint"`
	Seconds  float64 `cbor:"2,keyasint"`
	Buffers  int     `cbor:"3,keyasint"`
	Bytes    int64   `cbor:"4,keyasint"`
	Programs int     `cbor:"5,keyasint"`
	Runs     int64   `cbor:"6,keyasint"`
	Asks     bool    `cbor:"7,keyasint"` // it is the one that this is told to
}

// ProgramStatus is one compiled program.
type ProgramStatus struct {
	Key     []byte  `cbor:"1,keyasint"`
	Name    string  `cbor:"2,keyasint"`
	Users   int     `cbor:"3,keyasint"`
	Runs    int64   `cbor:"4,keyasint"`
	Compile float64 `cbor:"5,keyasint"` // seconds that compiling took
	Idle    float64 `cbor:"6,keyasint"` // seconds since it was last asked for
}

// KeptStatus is one buffer that outlives its connection.
type KeptStatus struct {
	Name  string `cbor:"1,keyasint"`
	Bytes int64  `cbor:"2,keyasint"`
}

// Checkpoint sums up what is kept of one checkpoint.
type Checkpoint struct {
	Name    string // the first eight digits of its checksum
	Tensors int
	Bytes   int64
}

// Checkpoints sums up what is kept: the names of tensors begin with the checksum of the checkpoint that they are of.
func (s *StatusInfo) Checkpoints() (all []Checkpoint) {
	at := map[string]int{}
	for _, k := range s.Kept {
		name := k.Name[:min(8, len(k.Name))]
		i, ok := at[name]
		if !ok {
			i = len(all)
			at[name], all = i, append(all, Checkpoint{Name: name})
		}
		all[i].Tensors++
		all[i].Bytes += k.Bytes
	}
	return all
}

// decoding refuses what no client of ours sends, so that a hostile message costs no more than its own length.
var decoding = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		UTF8:             cbor.UTF8DecodeInvalid, // names of models, notebooks and files are what they are
		MaxArrayElements: 1 << 20, MaxMapPairs: 64, MaxNestedLevels: 8,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// Marshal encodes v, a message or a part of one.
func Marshal(v any) ([]byte, error) { return cbor.Marshal(v) }

// Unmarshal decodes one whole message into v.
func Unmarshal(data []byte, v any) error { return decoding.Unmarshal(data, v) }

// UnmarshalFirst decodes the first of several values and returns the rest.
func UnmarshalFirst(data []byte, v any) (rest []byte, err error) {
	return decoding.UnmarshalFirst(data, v)
}

// Raw is an encoded value that is decoded later.
type Raw = cbor.RawMessage

// ErrTooLarge is returned for a frame beyond MaxFrame.
var ErrTooLarge = errors.New("frame too large")

// WriteFrame writes a message as one frame.
func WriteFrame(w io.Writer, message any) error {
	data, err := cbor.Marshal(message)
	if err != nil {
		return err
	}
	if len(data) > MaxFrame {
		return fmt.Errorf("%w: %d bytes (want at most %d)", ErrTooLarge, len(data), MaxFrame)
	}
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(data)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// ReadFrame reads one frame into message. Memory grows with what arrives, not with what the head promises.
func ReadFrame(r io.Reader, message any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n > MaxFrame {
		return fmt.Errorf("%w: %d bytes (want at most %d)", ErrTooLarge, n, MaxFrame)
	}
	data, err := readAll(r, n)
	if err != nil {
		return err
	}
	return Unmarshal(data, message)
}

func readAll(r io.Reader, n int) ([]byte, error) {
	const step = 1 << 20
	data := make([]byte, min(n, step))
	for read := 0; ; {
		if _, err := io.ReadFull(r, data[read:]); err != nil {
			return nil, noEOF(err)
		}
		if read = len(data); read == n {
			return data, nil
		}
		data = append(data, make([]byte, min(n-read, read))...)
	}
}

// noEOF tells a frame that was cut from a connection that was closed between frames.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
