package lesson07_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../07-structured-data.ipynb", "adult_sample") }
