//go:build !linux

package app

func shareArena() {}

func trimArena() {}
