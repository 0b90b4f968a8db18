package lesson12_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "12-nietzsche.ipynb", "nietzsche") }
