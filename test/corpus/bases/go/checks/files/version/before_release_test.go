package version_test

import (
	"testing"

	"example.org/release/version"
)

func TestBeforeItsRelease(t *testing.T) {
	if found, err := version.Compare("1.0.0-beta", "1.0.0"); err != nil || found != -1 {
		t.Errorf("expected -1, found %d, %v", found, err)
	}
}
