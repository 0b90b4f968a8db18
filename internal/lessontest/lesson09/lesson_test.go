package lesson09_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

func TestLesson(t *testing.T) { lessontest.Run(t, "09-movielens.ipynb", "ml-100k") }
