package lesson13_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "13-activation-functions.ipynb", "adult_sample") }
