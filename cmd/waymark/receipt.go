package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// receiptOptions are the flags of `waymark receipt`.
type receiptOptions struct {
	receipts   string
	data       []string
	instrument []string
	totals     string
	format     string
}

func receiptCommand() *cobra.Command {
	var o receiptOptions
	cmd := &cobra.Command{
		Use:   "receipt FINDING",
		Short: "Compute one number of a brief again and say whether it agrees",
		Long: `Reads receipts.json, which lies beside a brief, checks that the interviews and
the instrument are the very same, computes the number again from them and says
whether it agrees to the last digit. Exit code 0 means that it does.

FINDING is the key that the brief's links and findings.json give.`,
		Example: `  waymark receipt held.route-CMR
  waymark receipt ratio.held.route-CMR.vs.route-EMR --receipts brief/receipts.json --data interviews.csv`,
		Args: exactly(1, "name one finding, as in waymark receipt held.route-CMR; findings.json lists the keys"),
		RunE: func(cmd *cobra.Command, args []string) error { return runReceipt(cmd, &o, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&o.receipts, "receipts", filepath.Join("out", "receipts.json"), "receipts `file` of the brief")
	f.StringSliceVar(&o.data, "data", nil, "`file` of interviews, or files if they were pooled (default: those named, beside the receipts or here)")
	f.StringSliceVar(&o.instrument, "instrument", nil, "`folder` of the instrument, if it is not built in; one each for pooled files")
	f.StringVar(&o.totals, "totals", "", "`file` of totals, if the number is weighted (default: beside the receipts or here)")
	f.StringVar(&o.format, "format", "table", "what to print: table or json")
	return cmd
}

// receiptsLimit bounds a receipts file, in bytes.
const receiptsLimit = 256 << 20

func runReceipt(cmd *cobra.Command, o *receiptOptions, key string) error {
	if err := oneOf("format", o.format, "table", "json"); err != nil {
		return err
	}
	recorded, err := readReceipts(o.receipts)
	if err != nil {
		return err
	}
	was := recorded.Find(key)
	if was == nil {
		keys := make([]string, len(recorded.Receipts))
		for i := range recorded.Receipts {
			keys[i] = recorded.Receipts[i].Key
		}
		remedy := "findings.json beside it lists the keys"
		if near := fault.Nearest(key, keys); near != "" {
			remedy += "; did you mean " + near + "?"
		}
		return fault.New(fault.NotFound, fault.Place{File: o.receipts, Field: key}, "there is no receipt with this key", remedy)
	}
	again, differs, err := recompute(cmd.Context(), o, recorded)
	if err != nil {
		return err
	}
	now := again.Find(key)
	if now == nil {
		now = &monitoring.Receipt{Key: key, NotShown: "not computed"}
	}
	agrees := sameNumbers(was, now) && len(differs) == 0
	if o.format == "json" {
		err = json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"key": key, "agrees": agrees, "differs": differs, "recorded": was, "recomputed": now})
	} else {
		printReceipt(cmd.OutOrStdout(), recorded, was, now, differs, agrees)
	}
	if err == nil && !agrees {
		err = fault.New(fault.Conflict, fault.Place{File: o.receipts, Field: key}, "the number does not agree with its receipt", "the lines above say what differs")
	}
	return err
}

func readReceipts(path string) (*monitoring.Receipts, error) {
	at := fault.Place{File: path}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, at, "the receipts cannot be read", "name them with --receipts; `waymark brief` writes them", err)
	}
	defer f.Close()
	r := &monitoring.Receipts{}
	if err := json.NewDecoder(io.LimitReader(f, receiptsLimit)).Decode(r); err != nil {
		return nil, fault.Wrap(fault.Invalid, at, "this is not a file of receipts", "name the receipts.json that lies beside the brief", err)
	}
	return r, nil
}

// recompute makes all receipts again from the same interviews. differs names
// what is not the same as when the brief was made.
func recompute(ctx context.Context, o *receiptOptions, recorded *monitoring.Receipts) (again *monitoring.Receipts, differs []string, err error) {
	parts := recorded.Parts
	if len(parts) == 0 {
		parts = []monitoring.ReceiptPart{{Source: recorded.Source, Instrument: recorded.Instrument}}
	}
	rounds := make([]*monitoring.Round, len(parts))
	for i, part := range parts {
		round, differ, err := readPart(ctx, o, i, part)
		if err != nil {
			return nil, nil, err
		}
		rounds[i] = round
		differs = append(differs, differ...)
	}
	round, err := monitoring.Pool(rounds)
	if err != nil {
		return nil, nil, err
	}
	in := round.Instrument
	plan, err := monitoring.ReadPlan("plan in "+o.receipts, []byte(recorded.Plan.Text), in)
	if err != nil {
		return nil, nil, err
	}
	totals, err := totalsAgain(ctx, o, plan, recorded, in)
	if err != nil {
		return nil, nil, err
	}
	if totals != nil && totals.SHA256 != recorded.Weighting.SHA256 {
		differs = append(differs, "the totals are not those that the weights were made from")
	}
	a, err := monitoring.Analyse(ctx, round, plan, monitoring.Options{Workers: runtime.GOMAXPROCS(0), PlanText: recorded.Plan.Text, Totals: totals})
	if err != nil {
		return nil, nil, err
	}
	return monitoring.MakeReceipts(a, recorded.Plan.Text), differs, nil
}

// readPart reads one file again, with its instrument, and says what is not the
// same as it was.
func readPart(ctx context.Context, o *receiptOptions, i int, part monitoring.ReceiptPart) (round *monitoring.Round, differs []string, err error) {
	name := nth(o.instrument, i)
	if name == "" {
		name = part.Instrument.ID
	}
	in, err := instrument.Load(name)
	if err != nil {
		return nil, nil, fault.Wrap(fault.NotFound, fault.Place{Field: name}, "the instrument of this receipt was not found", "name its folder with --instrument", err)
	}
	if in.SHA256 != part.Instrument.SHA256 {
		differs = append(differs, "the instrument "+in.ID+" is not the version that the brief used")
	}
	path, err := findBeside(nth(o.data, i), part.Source.Name, o.receipts, "--data")
	if err != nil {
		return nil, nil, err
	}
	round, err = monitoring.ReadRound(ctx, path, in, table.Options{Sheet: part.Source.Sheet})
	if err != nil {
		return nil, nil, err
	}
	if round.Source.SHA256 != part.Source.SHA256 {
		differs = append(differs, round.Source.Name+" is not the file that the brief was made from")
	}
	return round, differs, nil
}

func nth(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func totalsAgain(ctx context.Context, o *receiptOptions, plan *monitoring.Plan, recorded *monitoring.Receipts, in *instrument.Instrument) (*monitoring.Totals, error) {
	if plan.Weighting == nil || recorded.Weighting == nil {
		return nil, nil
	}
	if plan.Weighting.Totals == "example" {
		return loadTotals(ctx, plan, "", in)
	}
	path, err := findBeside(o.totals, recorded.Weighting.Name, o.receipts, "--totals")
	if err != nil {
		return nil, err
	}
	return monitoring.ReadTotals(ctx, path, plan.Weighting, in)
}

// findBeside returns the file that the user names, or the recorded name beside
// the receipts, above them, or in the current folder.
func findBeside(given, name, receipts, flag string) (string, error) {
	if given != "" {
		return given, nil
	}
	name = filepath.Base(name)
	dir := filepath.Dir(receipts)
	for _, candidate := range []string{filepath.Join(dir, name), filepath.Join(dir, "..", name), name} {
		if info, err := os.Stat(candidate); err == nil && !info.IsDir() {
			return candidate, nil
		}
	}
	return "", fault.New(fault.NotFound, fault.Place{File: name}, "the file that the brief was made from is not here", "say where it is with "+flag)
}

// sameNumbers compares to the last bit. What a receipt of an older program does
// not have, the p-values of comparisons and adjusted ones, is not compared.
func sameNumbers(was, now *monitoring.Receipt) bool {
	again := *now
	if was.P == nil {
		again.P = nil
	}
	if was.Adjusted == nil {
		again.Adjusted, again.Estimator.Adjustment = nil, ""
	}
	left, err1 := json.Marshal(was)
	right, err2 := json.Marshal(&again)
	return err1 == nil && err2 == nil && bytes.Equal(left, right)
}

func printReceipt(w io.Writer, all *monitoring.Receipts, was, now *monitoring.Receipt, differs []string, agrees bool) {
	verdict := "agrees: the number was computed again and is the same"
	if !agrees {
		verdict = "DOES NOT AGREE"
	}
	fmt.Fprintf(w, "%s  %s\n\n", was.Key, verdict)
	for _, d := range differs {
		fmt.Fprintf(w, "  ! %s\n", d)
	}
	fmt.Fprintf(w, "  %-12s %-26s %s\n", "", "in the brief", "now")
	row := func(label, a, b string) {
		mark := ""
		if a != b {
			mark = "   differs"
		}
		fmt.Fprintf(w, "  %-12s %-26s %s%s\n", label, a, b, mark)
	}
	row("estimate", text(was.Estimate), text(now.Estimate))
	row("error", text(was.SE), text(now.SE))
	row("interval", span(was.CI), span(now.CI))
	row("people", count(was.N), count(now.N))
	row("base", count(was.Base), count(now.Base))
	if was.P != nil {
		row("p", text(was.P), text(now.P))
	}
	if was.Adjusted != nil {
		row("p adjusted", text(was.Adjusted), text(now.Adjusted))
	}
	if was.NotShown != "" {
		row("not shown", was.NotShown, now.NotShown)
	}
	fmt.Fprintf(w, "\n  From %s, %d rows, SHA-256 %s\n", all.Source.Name, all.Source.Rows, all.Source.SHA256)
	fmt.Fprintf(w, "  Instrument %s version %s; plan %s; %s\n", all.Instrument.ID, all.Instrument.Version, short(all.Plan.SHA256), all.Program)
	e := was.Estimator
	fmt.Fprintf(w, "  %s of %s", e.Statistic, e.Variable)
	if e.Level != "" {
		fmt.Fprintf(w, " = %s", e.Level)
	}
	fmt.Fprintf(w, "; variance: %s", e.Variance)
	if e.Interval != "" {
		fmt.Fprintf(w, "; interval: %s", e.Interval)
	}
	fmt.Fprintln(w)
	for _, s := range was.Filter {
		fmt.Fprintf(w, "  %9s  %s\n", count(s.Rows), s.Step)
	}
	if all.Synthetic {
		fmt.Fprintln(w, "\n  Synthetic example data: no real interviews.")
	}
}

func text(x *float64) string {
	if x == nil {
		return "-"
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

func span(ci *[2]float64) string {
	if ci == nil {
		return "-"
	}
	return fmt.Sprintf("%.6g to %.6g", ci[0], ci[1])
}

func count(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}

func short(sum string) string { return strings.TrimSpace(sum[:min(12, len(sum))]) }
