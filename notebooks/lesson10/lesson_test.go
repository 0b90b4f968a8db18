package lesson10_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../10-language-model.ipynb", "aclImdb_unsup") }
