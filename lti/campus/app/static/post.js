// Posts the answer on to the tool at once.
document.querySelector("form").submit();
