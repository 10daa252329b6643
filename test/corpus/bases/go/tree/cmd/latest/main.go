// Command latest prints the last of the versions that it reads, one a line.
package main

import (
	"bufio"
	"fmt"
	"os"

	"example.org/release/version"
)

func main() {
	var list []string
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		list = append(list, lines.Text())
	}
	latest, err := version.Latest(list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "latest:", err)
		os.Exit(1)
	}
	fmt.Println(latest)
}
