package version_test

import (
	"testing"

	"example.org/release/version"
)

func TestPreReleasesInOrder(t *testing.T) {
	for _, each := range []struct {
		a, b string
		want int
	}{
		{"2.1.0", "2.1.0-rc.1", 1},
		{"2.1.0-rc.9", "2.1.0-rc.10", -1},
		{"2.1.0-7", "2.1.0-alpha", -1},
		{"2.1.0-rc", "2.1.0-rc.0", -1},
		{"2.1.0-rc.1.b", "2.1.0-rc.1.a", 1},
		{"2.1.0-rc.1", "2.1.0-rc.1", 0},
		{"2.0.9", "2.1.0-alpha", -1},
	} {
		if found, err := version.Compare(each.a, each.b); err != nil || found != each.want {
			t.Errorf("%s and %s: expected %d, found %d, %v", each.a, each.b, each.want, found, err)
		}
	}
}

func TestLastOfPreReleases(t *testing.T) {
	list := []string{"0.9.0", "1.0.0-rc.2", "1.0.0-rc.12", "1.0.0-beta.40"}
	if found, err := version.Latest(list); err != nil || found != "1.0.0-rc.12" {
		t.Errorf("expected 1.0.0-rc.12, found %q, %v", found, err)
	}
}
