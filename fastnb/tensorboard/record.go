package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// fileVersion is what a file of events begins with.
const fileVersion = "brain.Event:2"

// scalar is a named number.
type scalar struct {
	tag   string
	value float64 // kept as a float32, NaN and infinities too
}

// The messages are those of TensorFlow's event.proto and summary.proto, of which scalars need few fields.
const (
	eventWallTime   = 1 // double
	eventStep       = 2 // int64
	eventVersion    = 3 // string
	eventSummary    = 5 // Summary
	eventSessionLog = 7 // SessionLog

	summaryValue = 1 // repeated Value

	valueTag    = 1 // string
	valueSimple = 2 // float

	sessionStatus = 1 // enum
	sessionStart  = 1 // of that enum: what was written of later steps is void
)

// event begins an event.
func event(at time.Time, step int) []byte {
	b := protowire.AppendTag(nil, eventWallTime, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(float64(at.UnixMicro())/1e6))
	if step == 0 { // the default, which is not written
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, eventStep, protowire.VarintType), uint64(step))
}

// versionEvent is the first event of a file.
func versionEvent(at time.Time) []byte {
	return protowire.AppendString(protowire.AppendTag(event(at, 0), eventVersion, protowire.BytesType), fileVersion)
}

// startEvent says that steps are counted from here on.
func startEvent(at time.Time, step int) []byte {
	log := protowire.AppendVarint(protowire.AppendTag(nil, sessionStatus, protowire.VarintType), sessionStart)
	return message(event(at, step), eventSessionLog, log)
}

// scalarEvent holds the scalars of a step.
func scalarEvent(at time.Time, step int, scalars ...scalar) []byte {
	var summary []byte
	for _, s := range scalars {
		v := protowire.AppendString(protowire.AppendTag(nil, valueTag, protowire.BytesType), tag(s.tag))
		v = protowire.AppendTag(v, valueSimple, protowire.Fixed32Type)
		summary = message(summary, summaryValue, protowire.AppendFixed32(v, math.Float32bits(float32(s.value))))
	}
	return message(event(at, step), eventSummary, summary)
}

// tag is a name as a protobuf's string: a reader stops at one that is not UTF-8. That is escaped as in Go.
func tag(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}

// message appends a message as a field of another.
func message(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

// record appends data framed as a TFRecord: length, its checksum, data, their checksum.
func record(b, data []byte) []byte {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(append(b, length...), masked(length))
	return binary.LittleEndian.AppendUint32(append(b, data...), masked(data))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the CRC-32C of data, turned and shifted as TFRecords have it: data that holds checksums keeps a good one.
func masked(data []byte) uint32 {
	crc := crc32.Checksum(data, castagnoli)
	return (crc>>15 | crc<<17) + 0xa282ead8
}
