/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bytes.h"

/* Bytes against the hex digits of a known answer. A macro, so that a failure names the line of the test. */
#define test_assert_hex(bytes, len, expected)                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *test_hex = kith_hex_encode (bytes, len);                                      \
    g_assert_cmpstr (test_hex, ==, expected);                                                      \
  }                                                                                                \
  G_STMT_END
