/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"

#include "net/kith-local.h"
#include "net/kith-session.h"

G_BEGIN_DECLS

/* Somebody on the wire without a node: keys, and sessions on which whatever is wanted can be said. */

typedef struct
{
  GAsyncResult *dialled;
  KithSession  *session;
  gboolean      opened;
  gboolean      pending;
  GError       *error;
  gint64        closed_us;
} TestRaw;

/* (transfer full): a stranger, or another device of @self */
KithLocal *test_local_new       (void);
KithLocal *test_local_new_for   (TestPerson        *self);

/* More handshakes in a minute than one prefix may begin. */
void       test_raw_let_many_in (TestPerson        *self);

void       test_raw_dial_as     (TestRaw           *raw,
                                 KithLocal         *local,
                                 TestPerson        *other);
void       test_raw_open_as     (TestRaw           *raw,
                                 KithPurpose        purpose,
                                 const char        *text);
void       test_raw_send        (TestRaw           *raw,
                                 KithRecordType     type,
                                 GByteArray        *body);
void       test_raw_clear       (TestRaw           *raw);

G_END_DECLS
