package vision

import (
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
)

// checkLabels tells which images have no label, and when labels are seemingly something else.
func (l *list) checkLabels() {
	if l.kind == numbers || len(l.files) == 0 {
		return
	}
	labelled := 0
	for _, f := range l.files {
		switch {
		case l.kind == oneClass && f.class == "":
			l.faults.add("without a label", f.at+", "+f.name)
		case l.kind == oneClass || len(f.labels) > 0:
			labelled++
		}
	}
	classes := l.classNames()
	switch {
	case l.kind == manyLabels && labelled == 0:
		l.faults.other(fmt.Errorf("no %s has a label", l.what))
	case l.kind == oneClass && labelled > 1 && len(classes) == 1:
		l.faults.other(fmt.Errorf("all %ss are of one class, %q (want 2 classes or more)", l.what, classes[0]))
	case l.kind == oneClass && labelled >= 10 && 5*len(classes) > 4*labelled:
		l.faults.other(fmt.Errorf("%d %ss have %d classes (%s): %s", labelled, l.what, len(classes),
			few.Strings(classes, shownFaults, "; "), maybe(classes)))
	case l.kind == manyLabels:
		l.checkDelim(classes, labelled)
	}
}

// maybe says what labels may be of which nearly each is another.
func maybe(classes []string) string {
	for _, delim := range []string{";", "|", ",", " "} {
		if n := containing(classes, delim); 2*n > len(classes) {
			return fmt.Sprintf("are they several labels each? LabelDelim(%q) takes them so", delim)
		}
	}
	if _, err := parseNumber(classes[0]); err == nil {
		return "are they numbers to be predicted? Target names their column"
	}
	return "too few images of each to learn from; is it the column of the labels? LabelColumn names another"
}

// checkDelim tells when labels still have what seems to lie between labels.
func (l *list) checkDelim(classes []string, labelled int) {
	for _, delim := range []string{";", "|", ","} {
		if n := containing(classes, delim); l.classes == nil && n > 0 && 2*n >= len(classes) {
			l.faults.other(fmt.Errorf("%d of %d labels have %q in them (%s); LabelDelim(%[3]q) takes them apart", n,
				len(classes), delim, few.Strings(classes, shownFaults, "  ")))
			return
		}
	}
}

func containing(texts []string, part string) (n int) {
	for _, t := range texts {
		if strings.Contains(strings.TrimSpace(t), part) {
			n++
		}
	}
	return n
}

// checkKnown tells which labels of validation no training image has, where the list itself says what is for validation:
// of those that were drawn checkClasses tells.
func (l *list) checkKnown(f folder) {
	known := map[string]bool{}
	for i, file := range f.files {
		if f.split[i] == fastnb.Train {
			known[file.class] = true
			for _, label := range file.labels {
				known[label] = true
			}
		}
	}
	if len(known) == 0 || l.kind == numbers {
		return
	}
	for i, file := range f.files {
		for _, label := range append([]string{file.class}, file.labels...) {
			if label != "" && f.split[i] != fastnb.Train && !known[label] {
				l.faults.add("for validation with a label that none for training has", fmt.Sprintf("%s, %q", file.at, label))
			}
		}
	}
}
