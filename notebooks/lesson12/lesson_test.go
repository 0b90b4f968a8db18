package lesson12_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../12-nietzsche.ipynb", "nietzsche") }
