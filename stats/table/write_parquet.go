package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"waymark/internal/fault"
)

// parquetGroup is the number of rows of a row group.
const parquetGroup = 128 << 10

// WriteParquet writes a table as Parquet: categories and texts as strings,
// numbers as doubles, dates as dates, instants as UTC timestamps in
// milliseconds (the offset of the clock is not kept), sets as lists of strings.
// A missing value is null; its reason is not kept. HXL tags go into the file's
// metadata under the key "hxl".
func WriteParquet(w io.Writer, t *Table, opt WriteOptions) (err error) {
	if err := opt.check(t); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fault.Wrap(fault.Internal, fault.Place{}, "the table could not be written as Parquet", "", fmt.Errorf("%v", p))
		}
	}()
	var fields schema.FieldList
	for _, c := range t.columns {
		node, err := parquetNode(c)
		if err != nil {
			return fault.Wrap(fault.Invalid, fault.Place{Field: c.Name()}, "the column could not be written as Parquet", "give it another name", err)
		}
		fields = append(fields, node)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return fault.Wrap(fault.Internal, fault.Place{}, "the table could not be written as Parquet", "", err)
	}
	options := []file.WriteOption{file.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)))}
	if opt.HXL != nil {
		meta := metadata.NewKeyValueMetadata()
		if err := meta.Append(hxlKey, strings.Join(opt.HXL, ",")); err != nil {
			return fault.Wrap(fault.Internal, fault.Place{}, "the HXL tags could not be written", "", err)
		}
		options = append(options, file.WithWriteMetadata(meta))
	}
	// The library closes what it writes to; the caller's file stays the caller's.
	out, err := file.NewParquetWriterWithError(struct{ io.Writer }{w}, root, options...)
	if err != nil {
		return writeFault(err)
	}
	for from := 0; from < t.rows; from += parquetGroup {
		group, err := out.AppendRowGroupChecked()
		if err != nil {
			return writeFault(err)
		}
		for _, c := range t.columns {
			if err := writeChunk(group, c, from, min(from+parquetGroup, t.rows)); err != nil {
				return writeFault(err)
			}
		}
		if err := group.Close(); err != nil {
			return writeFault(err)
		}
	}
	if err := out.Close(); err != nil {
		return writeFault(err)
	}
	return nil
}

// parquetNode describes a column.
func parquetNode(c Column) (schema.Node, error) {
	plain := func(logical schema.LogicalType, physical parquet.Type) (schema.Node, error) {
		return schema.NewPrimitiveNodeLogical(c.Name(), parquet.Repetitions.Optional, logical, physical, 0, -1)
	}
	switch c.Kind() {
	case Number:
		return plain(schema.NoLogicalType{}, parquet.Types.Double)
	case Bool:
		return plain(schema.NoLogicalType{}, parquet.Types.Boolean)
	case Date:
		return plain(schema.DateLogicalType{}, parquet.Types.Int32)
	case Time:
		return plain(schema.NewTimestampLogicalType(true, schema.TimeUnitMillis), parquet.Types.Int64)
	case Set:
		element, err := schema.NewPrimitiveNodeLogical("element", parquet.Repetitions.Required, schema.StringLogicalType{}, parquet.Types.ByteArray, 0, -1)
		if err != nil {
			return nil, err
		}
		list, err := schema.NewGroupNode("list", parquet.Repetitions.Repeated, schema.FieldList{element}, -1)
		if err != nil {
			return nil, err
		}
		return schema.NewGroupNodeLogical(c.Name(), parquet.Repetitions.Optional, schema.FieldList{list}, schema.NewListLogicalType(), -1)
	}
	return plain(schema.StringLogicalType{}, parquet.Types.ByteArray)
}

// writeChunk writes rows from..to-1 of a column.
func writeChunk(group file.SerialRowGroupWriter, c Column, from, to int) error {
	out, err := group.NextColumn()
	if err != nil {
		return err
	}
	levels := make([]int16, 0, to-from)
	for row := from; row < to; row++ {
		level := int16(1)
		if c.Missing(row) != Present {
			level = 0
		}
		levels = append(levels, level)
	}
	switch c := c.(type) {
	case *NumberColumn:
		_, err = out.(*file.Float64ColumnChunkWriter).WriteBatch(present(c, c.Values, from, to), levels, nil)
	case *BoolColumn:
		_, err = out.(*file.BooleanColumnChunkWriter).WriteBatch(present(c, c.Values, from, to), levels, nil)
	case *DateColumn:
		_, err = out.(*file.Int32ColumnChunkWriter).WriteBatch(present(c, c.Days, from, to), levels, nil)
	case *TimeColumn:
		values := present(c, c.Seconds, from, to)
		for i := range values {
			values[i] *= 1000
		}
		_, err = out.(*file.Int64ColumnChunkWriter).WriteBatch(values, levels, nil)
	case *SetColumn:
		err = writeLists(out.(*file.ByteArrayColumnChunkWriter), c, from, to)
	default:
		var values []parquet.ByteArray
		for row := from; row < to; row++ {
			if c.Missing(row) == Present {
				values = append(values, parquet.ByteArray(c.Text(row)))
			}
		}
		_, err = out.(*file.ByteArrayColumnChunkWriter).WriteBatch(values, levels, nil)
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// present copies the values that are not missing.
func present[T any](c Column, values []T, from, to int) []T {
	out := make([]T, 0, to-from)
	for row := from; row < to; row++ {
		if c.Missing(row) == Present {
			out = append(out, values[row])
		}
	}
	return out
}

// writeLists writes sets as lists: definition level 0 for a missing set, 1 for
// an empty one, 2 for a value.
func writeLists(out *file.ByteArrayColumnChunkWriter, c *SetColumn, from, to int) error {
	var values []parquet.ByteArray
	var definition, repetition []int16
	for row := from; row < to; row++ {
		first := len(values)
		if c.Missing(row) == Present {
			for l := range c.Levels {
				if !c.Has(row, l) {
					continue
				}
				repeat := int16(1)
				if len(values) == first {
					repeat = 0
				}
				values = append(values, parquet.ByteArray(c.Levels[l].Code))
				definition, repetition = append(definition, 2), append(repetition, repeat)
			}
		}
		if len(values) == first {
			level := int16(1)
			if c.Missing(row) != Present {
				level = 0
			}
			definition, repetition = append(definition, level), append(repetition, 0)
		}
	}
	_, err := out.WriteBatch(values, definition, repetition)
	return err
}
