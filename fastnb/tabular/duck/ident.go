package duck

import "strings"

// Ident quotes the name of a column or table for SQL, whatever is in it:
//
//	duck.Ident(`my "column"`) // "my ""column"""
func Ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// text quotes text for SQL.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// texts is a list of quoted texts.
func texts(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = text(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
