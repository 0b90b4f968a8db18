package nb

import (
	"bytes"
	"encoding/gob"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// The kernel is two pipes to this binary, played as TestMain does; it answers a Sync as GoNB's does.
func TestShowTableInNotebook(t *testing.T) {
	there, back := t.TempDir()+"/there", t.TempDir()+"/back"
	for _, name := range []string{there, back} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "NB_PLAY=table", "GONB_PIPE="+there, "GONB_PIPE_BACK="+back)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	defer kill.Stop()
	shown, synced := kernel(t, there, back)
	if err := cmd.Wait(); err != nil || out.String() != "went on\n" {
		t.Errorf("%v, prints %q; want no text of the table", err, out.String())
	}
	want := []any{storesTable{}.HTML(), strings.TrimRight(storesTable{}.String(), "\n")}
	if !reflect.DeepEqual(shown, want) || !synced {
		t.Errorf("shows %v, synced after it %v; want %v, true", shown, synced, want)
	}
}

// kernel returns the HTML and the text that it is sent until the pipe closes, and whether a Sync came after the last.
func kernel(t *testing.T, there, back string) (html []any, synced bool) {
	r, err := os.OpenFile(there, os.O_RDWR, 0) // for writing too, so that a program that never opens it does not block us
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w, err := os.OpenFile(back, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	messages, answers := gob.NewDecoder(r), gob.NewEncoder(w)
	for !synced {
		var m protocol.DisplayData
		r.SetReadDeadline(time.Now().Add(20 * time.Second))
		if err := messages.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if data, ok := m.Data[protocol.MIMETextHTML]; ok {
			html = append(html, data, m.Data[protocol.MIMETextPlain])
		}
		if ask, ok := m.Data[protocol.MIMECommValue].(protocol.CommValue); ok {
			synced = len(html) > 0
			if err := answers.Encode(protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: ask.Value}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return html, synced
}
