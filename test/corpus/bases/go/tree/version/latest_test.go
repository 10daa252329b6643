package version

import "testing"

func TestLatest(t *testing.T) {
	if found, err := Latest([]string{"1.2.0", "1.10.0", "1.9.9"}); err != nil || found != "1.10.0" {
		t.Errorf("expected 1.10.0, found %q, %v", found, err)
	}
}

func TestLatestOfNothing(t *testing.T) {
	if found, err := Latest(nil); err == nil {
		t.Errorf("expected an error, found %q", found)
	}
}

func TestLatestRefuses(t *testing.T) {
	if found, err := Latest([]string{"1.0.0", "soon"}); err == nil {
		t.Errorf("expected an error, found %q", found)
	}
}
