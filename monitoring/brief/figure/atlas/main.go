// Command atlas makes outlines.txt, the outlines of the map: it reads a
// TopoJSON file of countries, projects the region of the map on an equal-area
// projection, thins the lines to what can be seen, and writes them as text.
//
//	npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//	go run ./monitoring/brief/figure/atlas -in package/countries-50m.json -out monitoring/brief/figure/outlines.txt
//
// The outlines are those of Natural Earth, 1:50 million, version 4.1, which is
// in the public domain (naturalearthdata.com); world-atlas (ISC licence) is
// their TopoJSON. Boundaries are drawn as that source has them.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	in := flag.String("in", "", "countries-50m.json of npm's world-atlas 2.0.2 (required)")
	out := flag.String("out", "", "the file to write (required)")
	flag.Parse()
	if *in == "" || *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "atlas:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	source, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	text, err := generate(source)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, text, 0o644)
}
