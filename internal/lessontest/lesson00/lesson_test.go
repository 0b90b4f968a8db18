package lesson00_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "00-start-here.ipynb") }
