package table

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// chunk is a column of a Parquet file to be written: its node, and the values
// with their levels for each physical column under it.
type chunk struct {
	node  schema.Node
	write []func(w file.ColumnChunkWriter) error
}

var (
	required = parquet.Repetitions.Required
	optional = parquet.Repetitions.Optional
	repeated = parquet.Repetitions.Repeated
)

func plain(t testing.TB, name string, rep parquet.Repetition, logical schema.LogicalType, physical parquet.Type, length int) schema.Node {
	t.Helper()
	n, err := schema.NewPrimitiveNodeLogical(name, rep, logical, physical, length, -1)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func group(t testing.TB, name string, rep parquet.Repetition, logical schema.LogicalType, fields ...schema.Node) schema.Node {
	t.Helper()
	var n schema.Node
	var err error
	if logical == nil {
		n, err = schema.NewGroupNode(name, rep, fields, -1)
	} else {
		n, err = schema.NewGroupNodeLogical(name, rep, fields, logical, -1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func bytesOf(definition, repetition []int16, values ...string) func(file.ColumnChunkWriter) error {
	return func(w file.ColumnChunkWriter) error {
		var list []parquet.ByteArray
		for _, v := range values {
			list = append(list, parquet.ByteArray(v))
		}
		_, err := w.(*file.ByteArrayColumnChunkWriter).WriteBatch(list, definition, repetition)
		return err
	}
}

func int32Of(definition []int16, values ...int32) func(file.ColumnChunkWriter) error {
	return func(w file.ColumnChunkWriter) error {
		_, err := w.(*file.Int32ColumnChunkWriter).WriteBatch(values, definition, nil)
		return err
	}
}

func int64Of(definition []int16, values ...int64) func(file.ColumnChunkWriter) error {
	return func(w file.ColumnChunkWriter) error {
		_, err := w.(*file.Int64ColumnChunkWriter).WriteBatch(values, definition, nil)
		return err
	}
}

func fixedOf(values ...string) func(file.ColumnChunkWriter) error {
	return func(w file.ColumnChunkWriter) error {
		var list []parquet.FixedLenByteArray
		for _, v := range values {
			list = append(list, parquet.FixedLenByteArray(v))
		}
		_, err := w.(*file.FixedLenByteArrayColumnChunkWriter).WriteBatch(list, nil, nil)
		return err
	}
}

// parquetOf writes one row group of the columns.
func parquetOf(t testing.TB, chunks ...chunk) []byte {
	t.Helper()
	var fields schema.FieldList
	for _, c := range chunks {
		fields = append(fields, c.node)
	}
	root, err := schema.NewGroupNode("schema", required, fields, -1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := file.NewParquetWriter(&b, root)
	rows, err := out.AppendRowGroupChecked()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range chunks {
		for _, write := range c.write {
			w, err := rows.NextColumn()
			if err == nil {
				err = write(w)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func one(node schema.Node, write func(file.ColumnChunkWriter) error) chunk {
	return chunk{node, []func(file.ColumnChunkWriter) error{write}}
}

// everyType is a file with three rows of each type that a table can hold. The
// numbers are those of the Parquet format's documentation of logical types: an
// instant counts from 1970-01-01T00:00:00Z, a decimal is unscaled.
func everyType(t testing.TB) []byte {
	none := schema.NoLogicalType{}
	text := schema.StringLogicalType{}
	element := func(rep parquet.Repetition) schema.Node {
		return group(t, "list", repeated, nil, plain(t, "element", rep, text, parquet.Types.ByteArray, 0))
	}
	return parquetOf(t,
		one(plain(t, "bool", required, none, parquet.Types.Boolean, 0), func(w file.ColumnChunkWriter) error {
			_, err := w.(*file.BooleanColumnChunkWriter).WriteBatch([]bool{true, false, true}, nil, nil)
			return err
		}),
		one(plain(t, "int32", optional, none, parquet.Types.Int32, 0), int32Of([]int16{1, 0, 1}, -7, 7)),
		one(plain(t, "uint8", required, schema.NewIntLogicalType(8, false), parquet.Types.Int32, 0), int32Of(nil, 1, 2, 255)),
		one(plain(t, "int64", required, none, parquet.Types.Int64, 0), int64Of(nil, 1<<53, -1, 0)),
		one(plain(t, "uint64", required, schema.NewIntLogicalType(64, false), parquet.Types.Int64, 0), int64Of(nil, -1<<63, 1, 2)),
		one(plain(t, "float", required, none, parquet.Types.Float, 0), func(w file.ColumnChunkWriter) error {
			_, err := w.(*file.Float32ColumnChunkWriter).WriteBatch([]float32{0.1, 2, -3.5}, nil, nil)
			return err
		}),
		one(plain(t, "double", required, none, parquet.Types.Double, 0), func(w file.ColumnChunkWriter) error {
			_, err := w.(*file.Float64ColumnChunkWriter).WriteBatch([]float64{0.1, 1e300, -3.5}, nil, nil)
			return err
		}),
		one(plain(t, "date", required, schema.DateLogicalType{}, parquet.Types.Int32, 0), int32Of(nil, 17_080, 0, -1)),
		one(plain(t, "millis", required, schema.NewTimestampLogicalType(true, schema.TimeUnitMillis), parquet.Types.Int64, 0), int64Of(nil, 1_475_746_200_000, 0, -1000)),
		one(plain(t, "micros", required, schema.NewTimestampLogicalType(true, schema.TimeUnitMicros), parquet.Types.Int64, 0), int64Of(nil, 1_475_746_200_000_000, 0, -1_000_000)),
		one(plain(t, "nanos", required, schema.NewTimestampLogicalType(true, schema.TimeUnitNanos), parquet.Types.Int64, 0), int64Of(nil, 1_475_746_200_000_000_000, 0, -1_000_000_000)),
		one(plain(t, "clock", required, schema.NewTimeLogicalType(true, schema.TimeUnitMillis), parquet.Types.Int32, 0), int32Of(nil, 34_200_000, 0, 1000)),
		one(plain(t, "decimal", required, schema.NewDecimalLogicalType(9, 2), parquet.Types.Int32, 0), int32Of(nil, 12_345, -5, 0)),
		one(plain(t, "wide decimal", required, schema.NewDecimalLogicalType(20, 3), parquet.Types.FixedLenByteArray, 9), fixedOf("\x00\x00\x00\x00\x00\x00\x00\x00\x7f", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x00\x00\x00\x00\x00\x00\x00\x03\xe8")),
		one(plain(t, "uuid", required, schema.UUIDLogicalType{}, parquet.Types.FixedLenByteArray, 16), fixedOf("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", strings.Repeat("\x00", 16), strings.Repeat("\xff", 16))),
		one(plain(t, "text", optional, text, parquet.Types.ByteArray, 0), bytesOf([]int16{1, 1, 0}, nil, "007", "'=x")),
		one(group(t, "list", optional, schema.NewListLogicalType(), element(optional)), bytesOf([]int16{3, 3, 1, 0}, []int16{0, 1, 0, 0}, "TUR", "GRC")),
		one(group(t, "firm list", required, schema.NewListLogicalType(), element(required)), bytesOf([]int16{1, 0, 1, 1}, []int16{0, 0, 0, 1}, "two words", "a", "b")),
		one(plain(t, "bare list", repeated, text, parquet.Types.ByteArray, 0), bytesOf([]int16{1, 1, 0, 1}, []int16{0, 1, 0, 0}, "x", "y", "z")),
	)
}

func TestParquetTypes(t *testing.T) {
	data := everyType(t)
	r, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "test.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"bool":         "true|false|true",
		"int32":        "-7|<blank>|7",
		"uint8":        "1|2|255",
		"int64":        "9007199254740992|-1|0",
		"uint64":       "9223372036854776000|1|2", // 2^63 by the shortest digits that read back
		"float":        "0.1|2|-3.5",
		"date":         "2016-10-06|1970-01-01|1969-12-31",
		"millis":       "2016-10-06T09:30:00Z|1970-01-01T00:00:00Z|1969-12-31T23:59:59Z",
		"micros":       "2016-10-06T09:30:00Z|1970-01-01T00:00:00Z|1969-12-31T23:59:59Z",
		"nanos":        "2016-10-06T09:30:00Z|1970-01-01T00:00:00Z|1969-12-31T23:59:59Z",
		"clock":        "09:30:00|00:00:00|00:00:01",
		"decimal":      "123.45|-0.05|0",
		"wide decimal": "0.127|-0.001|1",
		"uuid":         "00112233-4455-6677-8899-aabbccddeeff|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff",
		"text":         "007|'=x|<blank>",
		"list":         "TUR GRC||<blank>",
		"firm list":    "two words||a b",
		"bare list":    "x y||z",
	} {
		if got := texts(r.Table.Column(name)); got != want {
			t.Errorf("%s = %s, expected %s", name, got, want)
		}
	}
	if got := r.Table.Number("double").Values; got[0] != 0.1 || got[1] != 1e300 {
		t.Errorf("double = %v", got)
	}
	for _, inf := range r.Inferred {
		if !strings.HasPrefix(inf.Why, "the Parquet file stores it as ") {
			t.Errorf("%s is explained by %q", inf.Column, inf.Why)
		}
	}
	if w := warnings(r); r.Warnings.Len() != 1 || !strings.Contains(w, "test.parquet, column 5, \"uint64\": 1 whole number has more digits than a number keeps") {
		t.Errorf("warnings: %s", w)
	}
}

func TestBadInputParquet(t *testing.T) {
	none := schema.NoLogicalType{}
	person := group(t, "person", optional, nil, plain(t, "age", optional, none, parquet.Types.Int32, 0), plain(t, "sex", optional, none, parquet.Types.Int32, 0))
	person2 := group(t, "more", optional, nil, plain(t, "age", optional, none, parquet.Types.Int32, 0))
	nested := parquetOf(t, one(plain(t, "id", required, none, parquet.Types.Int32, 0), int32Of(nil, 1)),
		chunk{person, []func(file.ColumnChunkWriter) error{int32Of([]int16{2}, 3), int32Of([]int16{2}, 4)}},
		one(person2, int32Of([]int16{2}, 3)))
	binary := parquetOf(t, one(plain(t, "photo", required, none, parquet.Types.ByteArray, 0), bytesOf(nil, nil, "\xff\xd8")))
	whole := everyType(t)
	for _, c := range []badInput{
		{name: "nested types", data: nested, faults: []string{"test.parquet, column 2, \"person\": the column holds a group of columns, which has no place in a table (give each of its parts a column of its own", "column 3, \"more\""}},
		{name: "bytes that are no text", data: binary, faults: []string{"test.parquet, column 1, \"photo\": the column holds bytes that are not text (leave the column out"}},
		{name: "cut off", data: whole[:len(whole)-9], faults: []string{"test.parquet: the Parquet file is damaged"}},
		{name: "only the magic", data: []byte("PAR1PAR1"), faults: []string{"test.parquet: the Parquet file is damaged"}},
		{name: "encrypted", data: []byte("PARE....PARE"), faults: []string{"an encrypted Parquet file"}},
		{name: "too many rows", data: whole, opt: Options{Limits: Limits{Rows: 2}}, faults: []string{"test.parquet: the file says that it has more than 2 rows (split the file)"}},
		{name: "too many columns", data: whole, opt: Options{Limits: Limits{Columns: 2}}, faults: []string{"test.parquet: the file has 19 columns; at most 2 are read"}},
		{name: "unpacks to too much", data: whole, opt: Options{Limits: Limits{UnpackedBytes: 10}}, faults: []string{"test.parquet: a part of the file unpacks to more than 10 bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, "test.parquet") })
	}
	t.Run("a nested column that is not wanted is skipped", func(t *testing.T) {
		c := badInput{data: nested, opt: Options{Match: fixed(Field{Name: "id", Kind: Number})}, texts: map[string]string{"id": "1"}}
		c.check(t, "test.parquet")
	})
	t.Run("a byte changed", func(t *testing.T) {
		for i := 0; i < len(whole); i += 13 {
			data := bytes.Clone(whole)
			data[i] ^= 0x55
			_, err := ReadFrom(context.Background(), bytes.NewReader(data), int64(len(data)), "test.parquet", Options{Limits: Limits{UnpackedBytes: 64 << 20, Rows: 1000}})
			if err != nil && !strings.Contains(err.Error(), "test.parquet") {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
	})
}
