package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/monitoring"
)

// run runs one command line and returns its exit code: 0 success, 1 the work
// could not be done, 2 wrong usage.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if strings.HasPrefix(err.Error(), "unknown command") { // cobra has no type for it
		err = usage(err.Error(), "waymark --help lists the commands")
	}
	printError(errs, err)
	return fault.ExitCode(err)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "waymark",
		Short: "From interviews to a brief whose every number can be traced",
		Long: `Waymark turns a file of flow monitoring interviews into a published brief:
it checks the data, leaves out whom the rules leave out, estimates with the
variance that the sample's design gives, and writes HTML, DOCX, XLSX and CSV.`,
		Example: `  waymark brief --example
  waymark brief interviews.csv --instrument fms-2016 --out brief
  waymark check interviews.csv --instrument fms-2016
  waymark instrument show fms-2016`,
		Version:       strings.TrimPrefix(monitoring.Program, "waymark "),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		message, _, number := strings.Cut(err.Error(), ": strconv.")
		if number {
			message += ": it takes a number"
		}
		return usage(message, cmd.CommandPath()+" --help shows what it takes")
	})
	root.AddCommand(serveCommand(), doctorCommand(), briefCommand(), receiptCommand(), checkCommand(), convertCommand(), instrumentCommand(), analyseCommand(), estimateCommand(), formCommand(), auditCommand(), keysCommand(), backupCommand(), restoreCommand())
	return root
}

// usage makes the error of a wrong call, which exits with 2.
func usage(message, remedy string) error {
	return fault.New(fault.Usage, fault.Place{}, message, remedy)
}

// atMost is cobra's argument check with an error that says what to write.
func atMost(n int, remedy string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage(fmt.Sprintf("%s takes at most %d arguments, not %d", cmd.CommandPath(), n, len(args)), remedy)
		}
		return nil
	}
}

// printError writes an error for people: one line a fault, or a general
// sentence for one that is the program's own.
func printError(w io.Writer, err error) {
	var list *fault.List
	if errors.As(err, &list) {
		fmt.Fprintf(w, "waymark: %s\n", counted(list.Len(), "fault", "faults"))
		for _, f := range list.Faults {
			fmt.Fprintf(w, "  %s\n", f)
		}
		if list.Dropped > 0 {
			fmt.Fprintf(w, "  and %d more\n", list.Dropped)
		}
		return
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		fmt.Fprintf(w, "waymark: %s\n", f)
		return
	}
	fmt.Fprintf(w, "waymark: %s\n", err)
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
