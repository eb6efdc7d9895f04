package main

import (
	"encoding/binary"
	"fmt"
	"os"
)

// hidePreroll adds n samples to the pre-skip of an Opus file, so that a decoder
// drops them at the start. Its length shrinks by as much; nothing else changes.
func hidePreroll(name string, n int) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	if err := addPreSkip(b, n); err != nil {
		return fmt.Errorf("render: %s: %w", name, err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return nil
}

// addPreSkip changes the header page in place and gives it its new checksum.
// Page and header are as RFC 3533 and RFC 7845 say.
func addPreSkip(b []byte, n int) error {
	if len(b) < 28 || string(b[:4]) != "OggS" {
		return fmt.Errorf("no Ogg page at the start")
	}
	head := 27 + int(b[26])
	page := head
	for _, l := range b[27:min(head, len(b))] {
		page += int(l)
	}
	if len(b) < page || page < head+19 || string(b[head:head+8]) != "OpusHead" {
		return fmt.Errorf("no Opus header in the first page")
	}
	skip := int(binary.LittleEndian.Uint16(b[head+10:])) + n
	if skip > 0xFFFF {
		return fmt.Errorf("a pre-skip of %d is too long", skip)
	}
	binary.LittleEndian.PutUint16(b[head+10:], uint16(skip))
	clear(b[22:26])
	binary.LittleEndian.PutUint32(b[22:], oggCRC(b[:page]))
	return nil
}

// oggCRC is the checksum of an Ogg page: polynomial 0x04C11DB7, not reflected.
func oggCRC(b []byte) uint32 {
	var crc uint32
	for _, c := range b {
		crc ^= uint32(c) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04C11DB7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
