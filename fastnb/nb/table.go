package nb

import (
	"errors"
	"fmt"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Table shows itself as HTML, in a notebook, and as lines of text, in a terminal. Its HTML is best a plain <table>
// with <thead> and <tbody>, as that of Progress: the notebook's theme styles it, light or dark.
type Table interface {
	HTML() string
	String() string
}

// display shows HTML, and text for where there is none, in the place of what was shown under the id before.
func display(id, html, text string) {
	if !gonbui.IsNotebook {
		return
	}
	gonbui.SendData(&protocol.DisplayData{
		Data:      map[protocol.MIMEType]any{protocol.MIMETextHTML: html, protocol.MIMETextPlain: text},
		DisplayID: id,
	})
}

// ShowTable shows a table below the cell. It takes the table together with its error, and ends the cell as Check does
// if there is one. In a terminal it prints the table as text to standard output.
func ShowTable(t Table, err error) {
	if err == nil && isNil(t) {
		err = errors.New("nb: ShowTable: nothing to show: the table is nil")
	}
	Check(err)
	if !gonbui.IsNotebook {
		fmt.Println(strings.TrimRight(t.String(), "\n"))
		return
	}
	display("", t.HTML(), strings.TrimRight(t.String(), "\n"))
	gonbui.Sync()
}
