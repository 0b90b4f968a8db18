package lesson10_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "10-language-model.ipynb", "aclImdb_unsup") }
