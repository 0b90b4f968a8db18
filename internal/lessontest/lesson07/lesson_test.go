package lesson07_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "07-structured-data.ipynb", "adult_sample") }
