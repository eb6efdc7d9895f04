package main

import (
	"os"
	"testing"

	"segue/keymap"
)

func TestTheReadmeHoldsTheKeysThatTheCodeHas(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := withKeys(readme, keymap.Default().Markdown())
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(readme) {
		t.Error("README.md's key table is old: run make generate")
	}
}
