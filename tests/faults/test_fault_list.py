"""The list of faults F1 to F72, and where each is tried. `make faults ARGS="-k f06"` runs one."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.faults

ANSWERS = "tests/faults/test_answers.py::"
NETWORKS = "tests/faults/test_networks.py::"
CLOCKS = "tests/faults/test_clocks.py::"
LEASES = "tests/faults/test_leases.py::"
PROCESSES = "tests/faults/test_processes.py::"
QUEUE = "tests/faults/test_queue_deaths.py::"
RACES = "tests/faults/test_races.py::"
GRID = "tests/faults/test_grid.py::"
TRANSPORT = "tests/networks/test_transport.py::"
INSTAGRAM = "tests/networks/test_instagram.py::"
WAITING = "tests/networks/test_waiting.py::"
ENGINE = "tests/social_publish/test_engine.py::"
APPROVAL = "tests/social_publish/test_approval.py::"
NOTHING = "tests/social_publish/test_nothing_is_posted.py::"
SIGN_INS = "tests/social_publish/test_sign_ins.py::"
RENEWALS = "tests/faults/test_renewals.py::"
TROUBLE = "tests/social_publish/test_trouble.py::"
STORED = f"{ANSWERS}test_stored_and_the_answer_is_no_use"
KILLED = f"{PROCESSES}test_killed_while_sending"
HOSTILE = f"{TRANSPORT}test_a_hostile_answer_ends_as_unknown"

TRIED: dict[int, tuple[str, ...]] = {
    1: (f"{ANSWERS}test_f01_connection_refused",),
    2: (f"{ANSWERS}test_f02_a_name_that_does_not_resolve",),
    3: (f"{ANSWERS}test_f03_nobody_answers_the_knock",),
    4: (f"{ANSWERS}test_f04_hung_up_before_reading",),
    5: (f"{ANSWERS}test_f05_dropped_before_it_was_stored",),
    6: (STORED, f"{GRID}test_posted_once_whatever_happens"),
    7: (STORED,),
    8: (STORED,),
    9: (
        f"{ANSWERS}test_f09_a_fault_of_theirs_for_ever",
        f"{ANSWERS}test_f09_the_breaker_keeps_the_other_posts_back",
        f"{ANSWERS}test_f09_while_it_lasts_the_network_is_tried_ever_more_rarely",
    ),
    10: (f"{ANSWERS}test_f10_unavailable_and_asks_us_to_wait",),
    11: (f"{ANSWERS}test_f11_asked_to_wait",),
    12: (
        f"{ANSWERS}test_f12_how_long_to_wait",
        f"{WAITING}test_the_time_of_reset_is_waited_for",
    ),
    13: (HOSTILE,),
    14: (HOSTILE,),
    15: (HOSTILE, f"{TRANSPORT}test_an_answer_that_is_far_too_long_is_cut_at_a_megabyte"),
    16: (STORED,),
    17: (STORED,),
    18: (STORED,),
    19: (STORED,),
    20: (f"{ANSWERS}test_f20_sent_somewhere_else",),
    21: (f"{ANSWERS}test_f21_no_trust_no_post",),
    22: (
        f"{SIGN_INS}test_keys_refused_while_five_posts_wait_are_renewed_once",
        f"{RENEWALS}test_many_workers_renew_once",
    ),
    23: (f"{SIGN_INS}test_a_sign_in_that_was_taken_back_stops_the_channel_once",),
    24: (
        f"{SIGN_INS}test_an_answer_that_was_lost_costs_one_more_try_and_then_a_person",
        f"{RENEWALS}test_a_worker_killed_while_renewing_loses_nothing",
    ),
    25: (f"{NETWORKS}test_f25_a_duplicate_at_the_first_sending_is_looked_into",),
    26: (f"{NETWORKS}test_f26_a_duplicate_after_an_unknown_means_it_is_there",),
    27: (f"{NETWORKS}test_f27_a_text_that_they_count_as_too_long",),
    28: (f"{NETWORKS}test_f28_a_suspended_account",),
    29: (f"{NETWORKS}test_f29_a_list_that_is_eight_minutes_late",),
    30: (f"{NETWORKS}test_f30_five_hundred_newer_posts",),
    31: (
        f"{NETWORKS}test_f31_a_list_that_shows_no_truth_proves_nothing",
        f"{NETWORKS}test_f31_another_accounts_post_with_our_link_is_not_ours",
    ),
    32: (f"{NETWORKS}test_f32_two_copies_are_there_already",),
    33: (
        f"{NETWORKS}test_f33_the_picture_is_there_and_the_post_is_not",
        f"{NETWORKS}test_f33_the_picture_is_lost",
        f"{INSTAGRAM}test_it_is_waited_for_five_minutes_and_never_left_for_another",
        f"{INSTAGRAM}test_a_container_that_failed_is_made_anew_three_times_at_most",
    ),
    34: (f"{NETWORKS}test_f34_one_of_eight_channels_is_down_for_a_day",),
    35: (
        f"{NETWORKS}test_f35_the_networks_clock_is_wrong",
        f"{NETWORKS}test_f35_our_clock_jumps",
        f"{CLOCKS}test_f35_our_clock_was_ahead_when_it_was_sent",
        f"{CLOCKS}test_f35_our_clock_is_set_on_between_two_looks",
    ),
    36: (
        f"{NETWORKS}test_f36_a_removal_is_proved",
        f"{NETWORKS}test_f36_a_removal_that_fails_for_ever_is_told",
        f"{NETWORKS}test_f36_removed_by_others_before_us",
        f"{GRID}test_a_removal_is_carried_through",
    ),
    37: (f"{NETWORKS}test_f37_someone_removes_the_post_at_the_network",),
    38: (f"{NETWORKS}test_f38_their_version_is_gone",),
    39: (KILLED,),
    40: (KILLED,),
    41: (KILLED,),
    42: (f"{PROCESSES}test_f42_killed_after_they_stored_and_before_we_read",),
    43: (KILLED,),
    44: (KILLED,),
    45: (f"{PROCESSES}test_f45_killed_between_steps", f"{GRID}test_a_removal_is_carried_through"),
    46: (f"{PROCESSES}test_f46_the_web_process_dies_in_mid_approval",),
    47: (f"{PROCESSES}test_f47_a_receiver_throws_in_mid_approval",),
    48: (f"{QUEUE}test_f48_a_part_of_the_queue_dies",),
    49: (f"{QUEUE}test_f49_asked_to_stop_with_posts_on_their_way",),
    50: (
        f"{PROCESSES}test_f50_a_worker_that_wakes_after_its_lease_is_over",
        f"{LEASES}test_f50_a_worker_that_stood_still_before_its_first_byte_says_nothing",
        f"{LEASES}test_f50_a_late_yes_that_meets_another_move_is_not_thrown_away",
    ),
    51: (f"{PROCESSES}test_f51_fifty_wake_ups_for_one_post",),
    52: (f"{PROCESSES}test_f52_two_clusters_and_a_timer_at_once",),
    53: (
        f"{PROCESSES}test_f53_the_queue_is_emptied",
        f"{QUEUE}test_f53_the_queue_is_emptied_again_and_again",
        f"{QUEUE}test_f53_the_queue_is_off",
    ),
    54: (f"{PROCESSES}test_f54_postgresql_is_restarted_at_each_step",),
    55: (f"{PROCESSES}test_f55_sqlite_is_locked",),
    56: (f"{PROCESSES}test_f56_the_disk_is_full",),
    57: (f"{PROCESSES}test_f57_the_power_is_cut",),
    58: (
        f"{TROUBLE}test_a_post_loaded_from_a_copy_is_released_by_hand_and_looked_for_first",
        f"{ENGINE}test_a_scheduled_post_loaded_from_a_copy_is_not_posted_again",
    ),
    59: (f"{PROCESSES}test_f59_work_that_kills_each_worker",),
    60: (f"{RACES}test_f60_nights_on_which_the_clock_changes",),
    61: (
        f"{RACES}test_f61_withdrawn_at_each_moment",
        f"{GRID}test_withdrawn_after_a_death_ends_absent",
    ),
    62: (
        f"{RACES}test_f62_two_approvers_at_once",
        f"{APPROVAL}test_a_double_press_approves_once",
    ),
    63: (f"{RACES}test_f63_unpublished_and_published_within_a_second",),
    64: (f"{RACES}test_f64_the_link_of_a_post_survives_a_move_and_a_new_address",),
    65: (f"{RACES}test_f65_the_page_is_deleted_at_each_moment",),
    66: (
        f"{RACES}test_f66_a_planned_page_is_cancelled",
        f"{RACES}test_f66_a_page_that_expires_takes_its_post_along",
    ),
    67: (f"{RACES}test_f67_the_scheduler_was_down",),
    68: (
        f"{RACES}test_f68_imported_pages_post_nothing",
        f"{RACES}test_f68_the_daily_budget_holds",
    ),
    69: (f"{RACES}test_f69_the_emergency_stop_with_twenty_waiting_and_two_on_their_way",),
    70: (
        f"{RACES}test_f70_a_channel_is_paused_and_resumed",
        f"{RACES}test_f70_a_paused_channel_settles_what_is_on_its_way",
        f"{RACES}test_f70_another_account_waits_for_a_person",
    ),
    71: (
        f"{NOTHING}test_copy_with_publish",
        f"{NOTHING}test_alias",
        f"{NOTHING}test_a_translation_copy",
    ),
    72: (f"{RACES}test_f72_the_approver_loses_the_right_before_going_live",),
}


def test_every_fault_of_the_list_is_tried() -> None:
    assert sorted(TRIED) == list(range(1, 73))


@pytest.mark.parametrize("fault", TRIED)
def test_each_named_test_is_there(fault: int) -> None:
    for name in TRIED[fault]:
        path, test = name.split("::")
        text = (Path(settings.BASE_DIR) / path).read_text()
        tests = {node.name for node in ast.walk(ast.parse(text)) if hasattr(node, "name")}
        assert test in tests
        named = f"f{fault:02}" in text or path.endswith(("grid.py", "renewals.py"))
        assert named or "tests/faults" not in path
