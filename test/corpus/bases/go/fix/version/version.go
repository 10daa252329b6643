// Package version reads versions and puts them in order.
package version

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a release, or a pre-release of it.
type Version struct {
	Numbers [3]int
	Pre     string
}

// Parse reads a version such as 1.2.0 or 1.2.0-beta.1.
func Parse(text string) (Version, error) {
	core, pre, _ := strings.Cut(text, "-")
	parts := strings.Split(core, ".")
	if len(parts) != 3 {
		return Version{}, fmt.Errorf("expected three numbers, found %q", text)
	}
	found := Version{Pre: pre}
	for at, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 {
			return Version{}, fmt.Errorf("expected a number, found %q in %q", part, text)
		}
		found.Numbers[at] = number
	}
	return found, nil
}

// Compare gives -1 where a comes before b, 1 where it comes after, 0 where they are alike.
func Compare(a, b string) (int, error) {
	first, err := Parse(a)
	if err != nil {
		return 0, err
	}
	second, err := Parse(b)
	if err != nil {
		return 0, err
	}
	for at := range first.Numbers {
		if order := sign(first.Numbers[at] - second.Numbers[at]); order != 0 {
			return order, nil
		}
	}
	return comparePre(first.Pre, second.Pre), nil
}

// comparePre puts pre-releases of one version in order; an empty one stands for the release itself.
func comparePre(a, b string) int {
	if a == "" || b == "" {
		return sign(len(b) - len(a))
	}
	first, second := strings.Split(a, "."), strings.Split(b, ".")
	for at := 0; at < len(first) && at < len(second); at++ {
		if order := comparePart(first[at], second[at]); order != 0 {
			return order
		}
	}
	return sign(len(first) - len(second))
}

func comparePart(a, b string) int {
	first, notFirst := strconv.Atoi(a)
	second, notSecond := strconv.Atoi(b)
	if notFirst == nil && notSecond == nil {
		return sign(first - second)
	}
	if notFirst == nil {
		return -1
	}
	if notSecond == nil {
		return 1
	}
	return strings.Compare(a, b)
}

func sign(number int) int {
	if number < 0 {
		return -1
	}
	if number > 0 {
		return 1
	}
	return 0
}
