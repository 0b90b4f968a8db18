package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// The messages as TensorFlow's protos describe them, for protobuf's own decoder; it knows nothing of how we write.
func eventType(t *testing.T) protoreflect.MessageDescriptor {
	t.Helper()
	type kind = descriptorpb.FieldDescriptorProto_Type
	const (
		double  = descriptorpb.FieldDescriptorProto_TYPE_DOUBLE
		float   = descriptorpb.FieldDescriptorProto_TYPE_FLOAT
		int64   = descriptorpb.FieldDescriptorProto_TYPE_INT64
		text    = descriptorpb.FieldDescriptorProto_TYPE_STRING
		message = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	)
	field := func(name string, number int32, k kind, of string, repeated bool) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &number, Type: &k}
		f.Label = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()
		if repeated {
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}
		if of != "" {
			f.TypeName = proto.String(".tensorflow." + of)
		}
		return f
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("event.proto"), Package: proto.String("tensorflow"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{
			{Name: proto.String("Event"), Field: []*descriptorpb.FieldDescriptorProto{
				field("wall_time", 1, double, "", false), field("step", 2, int64, "", false), field("file_version", 3, text, "", false),
				field("summary", 5, message, "Summary", false), field("session_log", 7, message, "SessionLog", false)}},
			{Name: proto.String("Summary"), Field: []*descriptorpb.FieldDescriptorProto{field("value", 1, message, "Value", true)}},
			{Name: proto.String("Value"), Field: []*descriptorpb.FieldDescriptorProto{
				field("tag", 1, text, "", false), field("simple_value", 2, float, "", false)}},
			{Name: proto.String("SessionLog"), Field: []*descriptorpb.FieldDescriptorProto{field("status", 1, int64, "", false)}},
		},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file.Messages().ByName("Event")
}

// reading is a scalar as it is read: wall time, step, value.
type reading [3]float64

// decode reads a file of events: the version it begins with, the statuses of its sessions, and its scalars by tag. What it
// does not know is an error, and so is a wrong checksum.
func decode(t *testing.T, path string) (version string, sessions []int64, scalars map[string][]reading) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kind := eventType(t)
	scalars = map[string][]reading{}
	for len(data) > 0 {
		m := dynamicpb.NewMessage(kind)
		if err := proto.Unmarshal(unframe(t, &data), m); err != nil || len(m.GetUnknown()) > 0 {
			t.Fatalf("%v, unknown %x", err, m.GetUnknown())
		}
		get := func(m protoreflect.Message, name protoreflect.Name) protoreflect.Value {
			return m.Get(m.Descriptor().Fields().ByName(name))
		}
		version += get(m, "file_version").String()
		if m.Has(kind.Fields().ByName("session_log")) {
			sessions = append(sessions, get(get(m, "session_log").Message(), "status").Int())
		}
		for values, i := get(get(m, "summary").Message(), "value").List(), 0; i < values.Len(); i++ {
			v := values.Get(i).Message()
			tag := get(v, "tag").String()
			scalars[tag] = append(scalars[tag], reading{get(m, "wall_time").Float(), float64(get(m, "step").Int()), get(v, "simple_value").Float()})
		}
	}
	return version, sessions, scalars
}

// unframe takes the next record off data.
func unframe(t *testing.T, data *[]byte) []byte {
	t.Helper()
	b := *data
	if len(b) < 16 {
		t.Fatalf("%d bytes left", len(b))
	}
	n := int(binary.LittleEndian.Uint64(b))
	checksum(t, b[:8], b[8:])
	if n > len(b)-16 {
		t.Fatalf("a record of %d bytes, %d left", n, len(b))
	}
	checksum(t, b[12:12+n], b[12+n:])
	*data = b[16+n:]
	return b[12 : 12+n]
}

// checksum unmasks the checksum that follows data.
func checksum(t *testing.T, data, follows []byte) {
	t.Helper()
	rotated := binary.LittleEndian.Uint32(follows) - 0xa282ead8
	if got, want := rotated<<15|rotated>>17, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)); got != want {
		t.Fatalf("checksum %x, want %x", got, want)
	}
}
