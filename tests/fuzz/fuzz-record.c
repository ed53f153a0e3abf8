/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of records, put together: as one plaintext, and as several that the input is cut into. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "proto/kith-record.h"

/* Returns: whether it goes on */
static gboolean
take_frame (KithReassembler *reassembler, const guint8 *data, gsize len)
{
  KithFrameParser parser;
  KithFragment fragment;
  KithRecordResult result;

  kith_frame_parser_init (&parser, data, len);
  while ((result = kith_frame_parser_next (&parser, &fragment)) == KITH_RECORD_RESULT_OK)
    {
      const guint8 *body;
      gsize body_len;

      kith_fuzz_check (fragment.len == 0
                       || (fragment.body >= data && fragment.body + fragment.len <= data + len));
      result = kith_reassembler_add (reassembler, &fragment, &body, &body_len);
      if (result == KITH_RECORD_RESULT_BAD)
        return FALSE;
      if (result == KITH_RECORD_RESULT_OK)
        kith_fuzz_check (body_len <= kith_record_max_bytes (fragment.type));
    }

  return result != KITH_RECORD_RESULT_BAD;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KithReassembler *reassembler = kith_reassembler_new ();
  gboolean go_on = TRUE;

  /* Two bytes say how long the next frame is. */
  while (go_on && size >= 2)
    {
      gsize len = MIN ((gsize) data[0] << 8 | data[1], size - 2);
      g_autofree guint8 *frame = g_malloc (MAX (len, 1));

      memcpy (frame, data + 2, len);
      go_on = take_frame (reassembler, frame, len);
      data += 2 + len;
      size -= 2 + len;
    }

  kith_reassembler_free (reassembler);
  return 0;
}
