package version

import "errors"

// Latest finds the last of some versions.
func Latest(list []string) (string, error) {
	if len(list) == 0 {
		return "", errors.New("expected a version, found none")
	}
	latest := list[0]
	for _, each := range list[1:] {
		order, err := Compare(latest, each)
		if err != nil {
			return "", err
		}
		if order < 0 {
			latest = each
		}
	}
	return latest, nil
}
