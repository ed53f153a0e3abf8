/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-wait.h"
#include "net/kith-dialer.h"
#include "net/kith-listener.h"

G_BEGIN_DECLS

/* Two ends of a wire without a node: each knows the keys, nothing else. */

typedef struct
{
  KithLocal    *local;
  KithSecret   *root;      /* (nullable): the pair root that both share */
  KithSession  *session;   /* (nullable): the last one */
  guint         n_open;
  guint         n_opened;
  guint         n_records;
  GString      *received;  /* bodies of MSG records, as they came */
  GError       *closed;    /* (nullable): why the last session ended */
  gboolean      answer;    /* answers OPEN by itself */
  gboolean      knows;     /* takes every knock for a contact's */
  gboolean      pending;   /* ... with "pending" */
} TestEnd;

/* Two ends, and a listener of the second. */
typedef struct
{
  TestEnd       a;
  TestEnd       b;
  KithListener *listener;
} TestWire;

void         test_wire_init    (TestWire     *self);
void         test_wire_clear   (TestWire     *self);
void         test_wire_connect (TestWire     *self);
KithSession *test_wire_dial    (TestEnd      *end,
                                guint16       port,
                                const guint8 *expected,
                                GError      **error);

KithSession *test_wire_dial_with  (TestEnd         *end,
                                guint16          port,
                                const KithEntry *entry,
                                GError         **error);

/* By hand, on a socket of its own. */
int          test_wire_connect_from    (const char   *address,
                                        guint16       port);
int          test_wire_connect_by_hand (guint16       port);
void         test_wire_send_by_hand    (int           fd,
                                        const guint8 *bytes,
                                        gsize         len);
gsize        test_wire_read_to_end     (int           fd);

void test_end_init  (TestEnd     *self,
                     guint8       seed);
void test_end_init_with_env (TestEnd       *self,
                             guint8         seed,
                             const KithEnv *env);
void test_end_init_device (TestEnd       *self,
                           guint8         seed,
                           guint8         device,
                           const KithEnv *env);
void test_end_clear (TestEnd     *self);
void test_end_take  (KithSession *session,
                     gpointer     end);
void test_end_reset (TestEnd     *self);

#define test_wire_wait(condition) test_net_wait (condition, #condition, 30)

G_END_DECLS
