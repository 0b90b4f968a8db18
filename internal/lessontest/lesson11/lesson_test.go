package lesson11_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "11-sentiment.ipynb", "aclImdb") }
