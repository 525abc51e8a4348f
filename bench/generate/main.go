// Command generate writes a large synthetic round as CSV, for benchmarks. It is the
// example round again and again with other dice, so every part keeps the
// published margins; every row says that it is synthetic.
//
//	go run ./bench/generate -n 1000000 -out bench/data/synthetic-round.csv [-design]
//
// With -design three columns follow that a complex sample has: stratum (20),
// psu (400, numbered through, 20 to a stratum) and weight. They are assumed,
// as there was no such design.
//
// It knows the example round and typed columns, and nothing of estimates.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"waymark/internal/fault"
	"waymark/monitoring/example"
	"waymark/stats/table"
)

const usage = `Writes a large synthetic round as CSV, for benchmarks.

  go run ./bench/generate -n 1000000 -out bench/data/synthetic-round.csv [-design]

`

func main() {
	n := flag.Int("n", 1_000_000, "eligible interviews")
	out := flag.String("out", "", "file to write (required)")
	seed := flag.Uint64("seed", 1, "seed of the dice")
	design := flag.Bool("design", false, "add the columns stratum, psu and weight")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*out, *n, *seed, *design); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(fault.ExitCode(err))
	}
}

// run writes to a temporary name first, so that a file that is there is whole.
func run(out string, n int, seed uint64, design bool) (err error) {
	if out == "" {
		return fault.New(fault.Usage, fault.Place{}, "no file to write", "give one with -out")
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".round-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	var w *example.Writer
	dice := rand.New(rand.NewPCG(seed, 20))
	err = example.Parts(n, seed, func(t *table.Table) (err error) {
		if design {
			if t, err = withDesign(t, dice); err != nil {
				return err
			}
		}
		if w == nil {
			if w, err = example.NewWriter(f, t); err != nil {
				return err
			}
		}
		return w.Write(t)
	})
	if err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), out)
}
