// Command logistic fits a logistic regression of 20 coefficients under strata,
// clusters and weights, as bench/logistic.R does on the same file. It prints
// seconds for each step and the coefficients, to compare.
//
//	go run ./bench/logistic -make 1000000 bench/data/logistic.csv
//	go run ./bench/logistic bench/data/logistic.csv
//	Rscript bench/logistic.R bench/data/logistic.csv
//
// With -make it writes the file first: synthetic rows from a fixed seed, in 20
// strata of 20 PSUs, with two yes/no answers, two categories of six levels,
// seven numbers, and an outcome that depends on them and on the PSU.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"waymark/stats/survey"
	"waymark/stats/table"
)

const formula = "held ~ route + sex + age_group + region + x1 + x2 + x3 + x4 + x5 + x6 + x7"

var levels = map[string][]string{
	"route": {"CMR", "EMR"}, "sex": {"female", "male"}, "age_group": {"14-17", "18-24", "25-34", "35-44", "45-54", "55+"},
	"region": {"a", "b", "c", "d", "e", "f"},
}

func main() {
	rows := flag.Int("make", 0, "write a file of so many rows, and do no more")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: logistic [-make ROWS] FILE.csv")
		os.Exit(2)
	}
	err := error(nil)
	if *rows > 0 {
		err = write(flag.Arg(0), *rows)
	} else {
		err = run(context.Background(), flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(path string, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "held,route,sex,age_group,region,x1,x2,x3,x4,x5,x6,x7,stratum,psu,weight")
	rng := rand.New(rand.NewPCG(6, 2026))
	effect := make([]float64, 400)
	for i := range effect {
		effect[i] = 0.3 * rng.NormFloat64()
	}
	line := make([]byte, 0, 256)
	for range rows {
		psu := rng.IntN(400)
		eta := -0.8 + effect[psu]
		line = line[:0]
		for k, name := range []string{"route", "sex", "age_group", "region"} {
			l := rng.IntN(len(levels[name]))
			eta += 0.15 * float64(l*(k%2*2-1))
			line = append(append(line, ','), levels[name][l]...)
		}
		for k := range 7 {
			x := math.Round(1000*(float64(k)+rng.NormFloat64())) / 1000
			eta += 0.1 * x * float64(k%3-1)
			line = strconv.AppendFloat(append(line, ','), x, 'f', -1, 64)
		}
		held := "0"
		if rng.Float64() < 1/(1+math.Exp(-eta)) {
			held = "1"
		}
		weight := math.Round(1000*(0.5+2*rng.Float64())) / 1000
		line = fmt.Appendf(line, ",%d,%d,%v\n", psu/20+1, psu+1, weight)
		w.WriteString(held)
		w.Write(line)
	}
	return w.Flush()
}

func run(ctx context.Context, path string) error {
	begun := time.Now()
	lap := func(what string) {
		fmt.Printf("%-40s %8.3f s\n", what, time.Since(begun).Seconds())
		begun = time.Now()
	}
	result, err := table.Read(ctx, path, table.Options{Match: columns})
	if err != nil {
		return err
	}
	t := result.Table
	lap("read")
	fmt.Println(t.Rows(), "rows")
	d, err := survey.New(survey.Spec{Weights: t.Number("weight"), Strata: t.Category("stratum"), Clusters: []*table.CategoryColumn{t.Category("psu")}})
	if err != nil {
		return err
	}
	lap("design")
	model, err := survey.ParseFormula(formula)
	if err != nil {
		return err
	}
	fit, err := d.Fit(ctx, survey.ModelRequest{Family: survey.Binomial, Formula: model, Data: t}, survey.EngineOptions{})
	if err != nil {
		return err
	}
	lap("logistic regression")
	fmt.Println(fit.Iterations, "iterations")
	for _, c := range fit.Coefficients {
		fmt.Printf("%-16s %.12g %.12g\n", c.Name, c.Value, c.SE)
	}
	return nil
}

// columns says of what kind each column is.
func columns(h table.Header) (*table.Schema, error) {
	s := &table.Schema{}
	for i, name := range h.Names {
		f := table.Field{Name: name, Kind: table.Number}
		switch {
		case levels[name] != nil:
			f.Kind = table.Category
			for _, l := range levels[name] {
				f.Levels = append(f.Levels, table.Level{Code: l})
			}
		case name == "stratum" || name == "psu":
			f.Kind, f.Open = table.Category, true
		}
		s.Fields = append(s.Fields, f)
		s.Targets = append(s.Targets, table.Target{Field: i, Option: -1})
	}
	return s, nil
}
