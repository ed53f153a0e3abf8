/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-fake-dht.h"
#include "kith-test-people.h"
#include "kith-test-raw.h"

#include "base/kith-reach.h"
#include "node/kith-group-links.h"

G_BEGIN_DECLS

/* A group whose host does nothing but note what it hears of its links. */

typedef struct
{
  TestPerson *person;  /* (owned) */
  KithSecret *seed;    /* (owned): of the author key */
  guint8      identity[32];
  guint8      author[32];
  GPtrArray  *heard;   /* (owned) char: identity in hex and text */
  guint       n_linked, n_unlinked, n_reachable, n_drained;
  GPtrArray  *asked;   /* (owned) char: who asked to join: name of the link's id, and text */
  guint8      last_asked[32];
  struct _TestGroup *group; /* (unowned) */
} TestMember;

typedef struct _TestGroup
{
  guint8      gid[32];
  KithSecret *secret;  /* (owned) */
  GPtrArray  *members; /* (owned) TestMember */
  const KithEnv *env;  /* (nullable): of those who are added */
} TestGroup;

TestGroup    *test_group_new               (void);
void          test_group_free              (TestGroup  *self);
TestMember   *test_group_add               (TestGroup  *self,
                                            const char *name);
void          test_group_join              (TestGroup  *self,
                                            TestMember *member);
void          test_group_tell              (TestGroup  *self,
                                            TestMember *member,
                                            TestMember *of);
void          test_group_tell_all          (TestGroup  *self);
KithSecret   *test_group_dup_random_secret (void);

void          test_member_listen           (TestMember *self);
const guint8 *test_member_get_identity     (TestMember *self);
void          test_member_want             (TestMember *self,
                                            TestMember *other);
void          test_member_want_nobody      (TestMember *self);
gboolean      test_member_is_linked        (TestMember *self,
                                            TestMember *other);
gboolean      test_member_say              (TestMember *self,
                                            TestMember *to,
                                            const char *text);
guint         test_member_count_heard      (TestMember *self,
                                            TestMember *from,
                                            const char *text);
KithInvitation *test_member_make_link      (TestMember *self,
                                            const guint8 *gid);
void          test_member_follow           (TestMember     *self,
                                            KithInvitation *link);
gboolean      test_member_ask              (TestMember *self,
                                            TestMember *whom,
                                            const char *text);

KithPeer     *test_member_get_peer         (TestMember *self,
                                            TestMember *other);
void          test_member_befriend         (TestMember *a,
                                            TestMember *b);
void          test_member_go_online        (TestMember *self,
                                            KithFakeDhtNet *net);
void          test_member_set_reach        (TestMember *self,
                                            KithReach   reach);
guint         test_member_count_contacts   (TestMember *self);

/* A session with the keys of a member, but behind the back of their node. */
void          test_raw_dial                (TestRaw    *raw,
                                            TestMember *self,
                                            TestMember *other);
void          test_raw_open                (TestRaw    *raw,
                                            TestGroup  *group);
void          test_raw_assert_refused      (TestRaw    *raw);

#define test_await_linked(a, b)                                                                    \
  test_wait_for (test_member_is_linked (a, b) && test_member_is_linked (b, a))

#define test_assert_says(from, to, text)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_true (test_member_say (from, to, text));                                              \
    test_wait_for (test_member_count_heard (to, from, text) == 1);                                 \
  }                                                                                                \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestGroup, test_group_free)

G_END_DECLS
