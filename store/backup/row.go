package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// appendRow writes a row as a line of JSON: whole numbers as they are, others
// with a point, texts as texts, bytes as {"b":"base64"}, nothing as null.
func appendRow(line []byte, row []any) ([]byte, error) {
	line = append(line, '[')
	for i, v := range row {
		if i > 0 {
			line = append(line, ',')
		}
		switch v := v.(type) {
		case nil:
			line = append(line, "null"...)
		case int64:
			line = strconv.AppendInt(line, v, 10)
		case float64:
			text := strconv.FormatFloat(v, 'g', -1, 64)
			if strings.Trim(text, "-0123456789") == "" {
				text += ".0"
			}
			line = append(line, text...)
		case string:
			text, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			line = append(line, text...)
		case []byte:
			line = append(line, `{"b":"`...)
			line = base64.StdEncoding.AppendEncode(line, v)
			line = append(line, `"}`...)
		default:
			return nil, fmt.Errorf("backup: a column gave a %T", v)
		}
	}
	return append(line, "]\n"...), nil
}

// parseRow reads what appendRow wrote.
func parseRow(line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	row := make([]any, len(raw))
	for i, r := range raw {
		v, err := parseValue(r)
		if err != nil {
			return nil, err
		}
		row[i] = v
	}
	return row, nil
}

func parseValue(r json.RawMessage) (any, error) {
	switch {
	case len(r) == 0:
		return nil, errors.New("an empty value")
	case r[0] == 'n':
		return nil, nil
	case r[0] == '"':
		var s string
		err := json.Unmarshal(r, &s)
		return s, err
	case r[0] == '{':
		var b struct {
			B *[]byte `json:"b"`
		}
		if err := json.Unmarshal(r, &b); err != nil || b.B == nil {
			return nil, errors.New("bytes that are none")
		}
		if *b.B == nil {
			return []byte{}, nil
		}
		return *b.B, nil
	case bytes.ContainsAny(r, ".eE"):
		return strconv.ParseFloat(string(r), 64)
	}
	return strconv.ParseInt(string(r), 10, 64)
}
