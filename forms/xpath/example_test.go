package xpath_test

import (
	"fmt"

	"waymark/forms/xpath"
)

// An expression is parsed and compiled once, and evaluated over any tree.
func Example() {
	days := &xpath.Node{Name: "days", Value: "12", Type: "int"}
	data := &xpath.Node{Name: "data", Children: []*xpath.Node{days}}
	main := &xpath.Node{Kind: xpath.Document, Children: []*xpath.Node{data}}
	days.Parent, data.Parent = data, main

	expr, err := xpath.Parse(". >= 0 and . <= 7 * 52")
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := expr.Compile(xpath.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &xpath.Context{Main: main, Node: days}
	fmt.Println(program.Truth(c), c.Err)
	fmt.Println(expr.Paths("/data/days"))

	_, err = xpath.Parse("${days} => 0")
	fmt.Println(err)
	// Output:
	// true <nil>
	// [/data/days]
	// at character 10 of the expression found ">" where a value should be (write ">=")
}
