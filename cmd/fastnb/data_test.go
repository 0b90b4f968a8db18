package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
)

func TestListData(t *testing.T) {
	var list bytes.Buffer
	if err := listData(&list); err != nil {
		t.Fatal(err)
	}
	for _, name := range datasets.Names() {
		if !strings.Contains(list.String(), name+" ") {
			t.Errorf("the list lacks %s:\n%s", name, &list)
		}
	}
}

func TestDataUnknown(t *testing.T) {
	err := data(context.Background(), []string{"dogcats"})
	if err == nil || !strings.Contains(err.Error(), `did you mean "dogscats"?`) {
		t.Errorf("error is %v", err)
	}
}
