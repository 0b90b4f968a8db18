package callback_test

import (
	"testing"

	"github.com/fastnb/fastnb/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }
