from complaint_tools.class_names import collect_names


class _First:
    names = ("a", "b")


class _Second:
    names = ("b", "c")


def test_names_of_all_parents_each_once():
    class Child(_First, _Second):
        names = ("d", "a")

    assert collect_names(Child, "names") == ("d", "a", "b", "c")
    assert collect_names(Child, "others") == ()
    assert collect_names(_First, "names") == ("a", "b")


def test_class_that_gets_another_parent_is_asked_anew():
    class Base:
        pass

    class Child(Base, _First):
        pass

    assert collect_names(Child, "names") == ("a", "b")
    Child.__bases__ = (Base, _Second)
    assert collect_names(Child, "names") == ("b", "c")


def test_child_does_not_take_the_answer_of_its_parent():
    class Child(_First):
        names = ("e",)

    assert collect_names(_First, "names") == ("a", "b")
    assert collect_names(Child, "names") == ("e", "a", "b")
