package lesson08_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../08-rossmann.ipynb", "rossmann") }
