/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"

#include "proto/kith-body.h"
#include "proto/kith-record.h"

G_BEGIN_DECLS

/* What targets have in common that feed a whole node: it comes to rest between two steps, and gets files. */

/* What was stored and written meanwhile is done. */
void         kith_fuzz_settle        (TestPerson      *person);

/* Where files go; emptied, and made if it is not there yet. */
void         kith_fuzz_empty_inbox   (void);
const char  *kith_fuzz_get_inbox     (void);

/* The user takes all that was offered, or gives all of it up. @prefix: what the files are called by */
void         kith_fuzz_do_files      (TestPerson      *person,
                                      gboolean         take,
                                      guint            prefix);

/* @file: (inout): becomes one of these bytes, of which the first 2000 are kept for kith_fuzz_pack_piece() */
void         kith_fuzz_describe_file (KithBodyFile    *file,
                                      const guint8    *data,
                                      gsize            len);
/* (transfer full) (nullable): FILE_LEAVES or FILE_CHUNK, as it is waited for: right, when nothing follows, of the
 * file that was described last; NULL: nothing is waited for */
GByteArray  *kith_fuzz_pack_piece    (TestPerson      *person,
                                      KithRecordType   type,
                                      const guint8    *data,
                                      gsize            len);

G_END_DECLS
