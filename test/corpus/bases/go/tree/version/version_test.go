package version

import "testing"

func TestParse(t *testing.T) {
	found, err := Parse("1.20.3-beta.1")
	if err != nil || found.Numbers != [3]int{1, 20, 3} || found.Pre != "beta.1" {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "1.2", "1.2.x", "1.2.3.4"} {
		if found, err := Parse(text); err == nil {
			t.Errorf("expected an error for %q, found %v", text, found)
		}
	}
}

func TestCompareReleases(t *testing.T) {
	for _, each := range []struct {
		a, b string
		want int
	}{{"1.2.3", "1.2.3", 0}, {"1.2.3", "1.10.0", -1}, {"2.0.0", "1.9.9", 1}} {
		if found, err := Compare(each.a, each.b); err != nil || found != each.want {
			t.Errorf("%s and %s: expected %d, found %d, %v", each.a, each.b, each.want, found, err)
		}
	}
}
