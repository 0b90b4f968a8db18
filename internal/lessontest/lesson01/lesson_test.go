package lesson01_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "01-image-classifier.ipynb", "pets_sample") }
