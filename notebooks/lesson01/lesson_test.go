package lesson01_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../01-image-classifier.ipynb", "pets_sample") }
