package lesson09_test

import (
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

func TestLesson(t *testing.T) { lesson.Run(t, "../09-movielens.ipynb", "ml-100k") }
