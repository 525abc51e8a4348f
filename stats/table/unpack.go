package table

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"waymark/internal/fault"
)

// ratioFrom is the unpacked size in bytes from which a part's ratio counts:
// below it, even the worst ratio does no harm.
const ratioFrom = 4 << 20

// checkArchive refuses an archive that says itself that it unpacks to too much.
func checkArchive(z *zip.Reader, rep *report) error {
	var total uint64
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return rep.stop(rep.at(0, 0, ""), "remove the password and save it again", "the archive's part %q is encrypted", f.Name)
		}
		total += f.UncompressedSize64
		if total > uint64(rep.limits.UnpackedBytes) || f.UncompressedSize64 > 1<<62 {
			return bombFault(rep, fmt.Sprintf("the workbook unpacks to more than %d bytes", rep.limits.UnpackedBytes))
		}
		if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/max(1, f.CompressedSize64) > uint64(rep.limits.UnpackRatio) {
			return bombFault(rep, fmt.Sprintf("the workbook's part %q unpacks to more than %d times its size", f.Name, rep.limits.UnpackRatio))
		}
	}
	return nil
}

func bombFault(rep *report, message string) error {
	return fault.New(fault.Invalid, rep.at(0, 0, ""), message, "it may be made to do harm: ask who sent it; if it is yours, save it as CSV")
}

// unpackBudget counts what is unpacked in one pass, since an archive may lie
// about its sizes.
type unpackBudget struct {
	rep  *report
	left int64
}

func newUnpackBudget(rep *report) *unpackBudget {
	return &unpackBudget{rep: rep, left: rep.limits.UnpackedBytes}
}

func (u *unpackBudget) open(ctx context.Context, f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &unpackReader{ReadCloser: r, ctx: ctx, budget: u, packed: int64(max(1, f.CompressedSize64)), name: f.Name}, nil
}

// unpackReader stops a part that unpacks to more than the budget.
type unpackReader struct {
	io.ReadCloser
	ctx    context.Context
	budget *unpackBudget
	packed int64
	done   int64
	name   string
}

func (u *unpackReader) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := u.ReadCloser.Read(b)
	u.done += int64(n)
	u.budget.left -= int64(n)
	rep := u.budget.rep
	if u.budget.left < 0 {
		return 0, bombFault(rep, fmt.Sprintf("the workbook unpacks to more than %d bytes", rep.limits.UnpackedBytes))
	}
	if u.done > ratioFrom && u.done/u.packed > rep.limits.UnpackRatio {
		return 0, bombFault(rep, fmt.Sprintf("the workbook's part %q unpacks to more than %d times its size", u.name, rep.limits.UnpackRatio))
	}
	return n, err
}
